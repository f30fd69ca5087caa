-- Converts pages until its input ends: a line of JSON in, a line of JSON out.
-- Run as: pandoc lua worker.lua FOLDER, FOLDER being where this file and its modules lie.

package.path = arg[1] .. "/?.lua;" .. package.path
local page = require "page"

for line in io.stdin:lines() do
  local ok, result = pcall(function()
    return page.convert(pandoc.json.decode(line, false))
  end)
  if not ok then
    result = { error = tostring(result) }
  end
  io.stdout:write(pandoc.json.encode(result), "\n")
  io.stdout:flush()
end
