"""What bench/run and bench/profile share."""
