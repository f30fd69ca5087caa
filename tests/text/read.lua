-- Reads Markdown texts: a line of JSON in (a text), a line of JSON out (pandoc's document).
for line in io.stdin:lines() do
  local ok, result = pcall(function()
    return pandoc.write(pandoc.read(pandoc.json.decode(line), 'markdown'), 'json')
  end)
  io.stdout:write(ok and result or 'null', '\n')
  io.stdout:flush()
end
