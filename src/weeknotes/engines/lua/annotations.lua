-- Code annotations: comments such as `# <1>` at the end of a line of code, and the list right after the
-- block that explains them (Quarto documentation, "Code Annotation").

local M = {}

-- The comments of languages that do not begin them with "#".
local COMMENTS = {}
for marks, languages in pairs {
  ["//"] = "asy cc cpp csharp d3 dot fsharp go groovy java javascript js json kotlin node ojs rust sass"
    .. " scala scss swift typescript typst",
  ["--"] = "haskell lua mysql psql sql vhdl",
  ["%"] = "latex matlab tikz",
  ["%%"] = "mermaid",
  ["!"] = "fortran fortran95",
  ["/"] = "q",
  ["*"] = "stata",
  ["⍝"] = "apl",
  ["/* */"] = "c css",
  ["(* *)"] = "ocaml",
  ["<!-- -->"] = "html markdown",
  ["* ;"] = "sas",
} do
  for language in languages:gmatch("%S+") do
    COMMENTS[language] = marks
  end
end

-- The mark of a note in code, which highlighting leaves whole: a character of private use.
local FIRST = 0xF8100
local MOST = 999

local function escaped(text)
  return (text:gsub("%p", "%%%0"))
end

-- The code of `block` with a mark, or nothing, for each annotation; the numbers that it has.
local function annotated(block, mark)
  local marks = COMMENTS[block.classes[1] or ""] or "#"
  local open, close = marks:match("^(%S+)%s*(%S*)$")
  local comment = "^(.-)%s*" .. escaped(open) .. "%s*<(%d+)>%s*"
    .. (close ~= "" and escaped(close) .. "%s*" or "") .. "$"
  local numbers, lines = {}, {}
  for line in (block.text .. "\n"):gmatch("(.-)\n") do
    local code, number = line:match(comment)
    number = tonumber(number)
    if number and number <= MOST then
      numbers[number] = true
      line = code .. (mark and " " .. utf8.char(FIRST + number) or "")
    end
    lines[#lines + 1] = line
  end
  return table.concat(lines, "\n"), numbers
end

-- The block of code in `block`, itself or that of a cell.
local function code_of(block)
  if block.tag == "CodeBlock" then
    return block, nil
  end
  if block.tag == "Div" and block.classes:includes("cell") then
    for i, inner in ipairs(block.content) do
      if inner.tag == "CodeBlock" and inner.classes:includes("cell-code") then
        return inner, i
      end
    end
  end
end

local function explains(list, numbers)
  if not list or list.tag ~= "OrderedList" then
    return false
  end
  for i in ipairs(list.content) do
    if numbers[list.start + i - 1] then
      return true
    end
  end
  return false
end

-- `blocks` with the annotations in their code marked, and the lists that explain them set apart. With
-- the option "none" both are left out, as in Quarto.
local function annotate(blocks, option)
  local result = pandoc.Blocks {}
  local i = 1
  while i <= #blocks do
    local block, list = blocks[i], blocks[i + 1]
    local code, place = code_of(block)
    local text, numbers
    if code and code.text:find("<%d+>") then
      _, numbers = annotated(code, false)
    end
    if numbers and next(numbers) then
      local explained = explains(list, numbers)
      text = annotated(code, explained and option ~= "none")
      code.text = text
      local notes = explained and option ~= "none"
        and pandoc.Div({ list }, { class = "code-annotations" })
      if place then
        block.content[place] = code
        if notes then
          block.content:insert(place + 1, notes)
        end
        result:insert(block)
      else
        result:insert(code)
        if notes then
          result:insert(notes)
        end
      end
      i = i + (explained and 2 or 1)
    else
      result:insert(block)
      i = i + 1
    end
  end
  return result
end

function M.apply(blocks, option)
  return blocks:walk {
    traverse = "topdown",
    Blocks = function(list) return annotate(list, option) end,
  }
end

return M
