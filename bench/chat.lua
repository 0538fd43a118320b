-- What wrk sends: wrk ... URL -- BODY_FILE. The caller's key is in the environment, not on the command line.
local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

-- No `request` and no `response` function: so wrk writes the request once, and only counts answers.
function init(args)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("GATEWAY_BENCH_KEY")
  wrk.body = read(args[1])
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'result {"requests":%d,"seconds":%.6f,"bad_status":%d,"broken":%d,"timeouts":%d,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write,
    errors.timeout, latency:percentile(50), latency:percentile(99)))
end
