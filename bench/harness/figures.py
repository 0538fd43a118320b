"""What is done with the figures of several rounds."""
import statistics

# Beyond these a figure says more about the machine than about the gateway.
WIDEST_SPREAD = 0.15
MOST_OTHERS = 0.25


def spread(values):
    return (max(values) - min(values)) / statistics.median(values)


def low_mid_high(values):
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}
