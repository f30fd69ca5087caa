-- Compares two readings of the same cells: their text as it was cut, and pandoc's own of the original.
-- Run as: pandoc lua readings.lua FOLDER, FOLDER being that of the filters. A line of JSON in
-- ({cut = {texts}, whole = {texts}}), a line of JSON out.

package.path = arg[1] .. "/?.lua;" .. package.path
local private = require "private"
local reader = require "reader"

local MARKER = "wncell%dx"

-- Inlines with the words put together that nothing is between any more: what was between them was cut.
local function closed_up(inlines)
  local kept = pandoc.List()
  for _, inline in ipairs(inlines) do
    local before = kept[#kept]
    if inline.t == 'Str' and before and before.t == 'Str' then
      kept[#kept] = pandoc.Str(before.text .. inline.text)
    else
      kept:insert(inline)
    end
  end
  return kept
end

-- A figure that pandoc makes of an image alone in its paragraph, as that image: beside something private
-- it is none.
local function lone_image(figure)
  local first = figure.content[1]
  local image = #figure.content == 1 and first.t == 'Plain' and #first.content == 1 and first.content[1]
  return image and image.t == 'Image' and first or nil
end

-- The words of a document in their order: of its text, code, formulas, raw HTML, addresses, attributes.
local function words_of(doc)
  doc = doc:walk { Inlines = closed_up, Figure = lone_image }
  for _, kind in ipairs { "Header" } do
    doc = doc:walk { [kind] = function(element)
      element.identifier = "" -- pandoc's own, which depends on the other headings
      return element
    end }
  end
  doc.meta = {}
  local json = pandoc.write(doc, "json"):gsub('"t":"%a+"', ""):gsub('"[%w-]+":', "")
  json = json:gsub('"#[^"]*"', ""):gsub('"html"', "")
  json = json:gsub("\\u(%x%x%x%x)", " "):gsub("\\%a", " ")
  -- Signs (U+2000 to U+2FFF), such as the box of a task and quotation marks, are no words.
  json = json:gsub("\226[\128-\191][\128-\191]", " ")
  local words = {}
  for word in json:gmatch "[%w\128-\255]+" do
    if not word:match "^%d+$" then words[#words + 1] = word end
  end
  return words
end

local function counted(words)
  local found = {}
  for _, word in ipairs(words) do found[word] = (found[word] or 0) + 1 end
  return found
end

-- Whether `one` has words that `other` lacks.
local function has_more(one, other)
  for word, count in pairs(one) do
    if count > (other[word] or 0) then return true end
  end
  return false
end

local function document(texts, mark)
  local parts = {}
  for number, text in ipairs(texts) do
    if mark then parts[#parts + 1] = MARKER:format(number) end
    parts[#parts + 1] = text
  end
  return reader.read(table.concat(parts, "\n\n") .. "\n")
end

-- The words by the cell that they are in.
local function by_cell(words)
  local found, cell = { [0] = {} }, 0
  for _, word in ipairs(words) do
    local number = word:match "^wncell(%d+)x$"
    if number then
      cell = tonumber(number)
      found[cell] = {}
    else
      local own = found[cell]
      own[#own + 1] = word
    end
  end
  return found
end

-- The cells of which `one` shows words that `other` does not. All of them, where none can be told.
local function cells_with_more(one, other, count)
  local cells = pandoc.List()
  for number = 1, count do
    if has_more(counted(one[number] or {}), counted(other[number] or {})) then cells:insert(number) end
  end
  if #cells == 0 then
    for number = 1, count do cells:insert(number) end
  end
  return cells
end

local function compare(job)
  local filter = private[1].Pandoc
  local ours = counted(words_of(document(job.cut)))
  Removed = pandoc.List()
  local theirs = counted(words_of(filter(document(job.whole))))
  local hidden = pandoc.List()
  for _, element in ipairs(Removed) do
    hidden:insert(pandoc.utils.stringify(element))
  end
  Removed = nil
  local more, less = has_more(ours, theirs), has_more(theirs, ours)
  local none = pandoc.List()
  if not more and not less then
    return { more = none, less = none, hidden = none }
  end
  local one = by_cell(words_of(document(job.cut, true)))
  local other = by_cell(words_of(filter(document(job.whole, true))))
  return {
    more = more and cells_with_more(one, other, #job.cut) or none,
    less = less and cells_with_more(other, one, #job.cut) or none,
    hidden = more and hidden or none,
  }
end

for line in io.stdin:lines() do
  local ok, result = pcall(function() return compare(pandoc.json.decode(line, false)) end)
  if not ok then result = { error = tostring(result) } end
  io.stdout:write(pandoc.json.encode(result), "\n")
  io.stdout:flush()
end
