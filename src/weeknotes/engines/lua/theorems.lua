-- Theorems and their like, numbered, and proofs, remarks and solutions, numbered where they have a
-- label. Their title goes into the first paragraph.

local crossref = require "crossref"

local M = {}

local NBSP = "\u{a0}"
local THEOREMS = { thm = "", lem = "lemma", cor = "corollary", prp = "proposition",
  cnj = "conjecture", def = "definition", exm = "example", exr = "exercise" }
local PROOFS = { prf = "proof", rem = "remark", sol = "solution" }

-- What such divs have in their attributes: the class of a proof, or a label of one of the kinds.
M.PATTERNS = { "proof", "remark", "solution" }
for _, kinds in ipairs { THEOREMS, PROOFS } do
  for kind in pairs(kinds) do
    table.insert(M.PATTERNS, "#" .. kind .. "%-")
  end
end

-- The title that the author gave: the attribute `name`, or a heading at the beginning.
local function own_title(div)
  local name = div.attributes.name
  div.attributes.name = nil
  if name and name ~= "" then
    return pandoc.utils.blocks_to_inlines(pandoc.read(name, "markdown").blocks)
  end
  local first = div.content[1]
  if first and first.tag == "Header" then
    div.content:remove(1)
    return first.content
  end
  return pandoc.Inlines {}
end

local function in_brackets(title)
  local text = pandoc.Inlines {}
  if #title > 0 then
    text:insert(pandoc.Space())
    text:insert(pandoc.Str("("))
    text:extend(title)
    text:insert(pandoc.Str(")"))
  end
  return text
end

-- Put `inlines` before what the first paragraph says; `otherwise` is what else stands in a paragraph
-- that must be made for them.
local function put_first(div, inlines, otherwise)
  local first = div.content[1]
  if not first or (first.tag ~= "Para" and first.tag ~= "Plain") then
    inlines:extend(otherwise)
    div.content:insert(1, pandoc.Para(inlines))
    return
  end
  inlines:extend(first.content)
  first.content = inlines
  div.content[1] = first
end

local function theorem(div, kind, index)
  local words = index.words[kind] .. " " .. crossref.number(index, kind, div.identifier)
  local title = pandoc.Inlines { pandoc.Str(words) }
  title:extend(in_brackets(own_title(div)))
  local span = pandoc.Span({ pandoc.Strong(title) }, { class = "theorem-title" })
  div.classes:insert(1, "theorem")
  if THEOREMS[kind] ~= "" then
    div.classes:insert(2, THEOREMS[kind])
  end
  put_first(div, pandoc.Inlines { span, pandoc.Space() }, { pandoc.Str(NBSP) })
  return div
end

local function proof(div, kind, index)
  local words = index.words[PROOFS[kind]]
  if crossref.kind(div.identifier) == kind then
    words = words .. " " .. crossref.number(index, kind, div.identifier)
  end
  local title = pandoc.Inlines { pandoc.Emph { pandoc.Str(words) } }
  title:extend(in_brackets(own_title(div)))
  title:extend { pandoc.Str("."), pandoc.Space() }
  div.classes = div.classes:filter(function(class)
    return class ~= "proof" and class ~= PROOFS[kind]
  end)
  div.classes:insert(1, "proof")
  if kind ~= "prf" then
    div.classes:insert(2, PROOFS[kind])
  end
  put_first(div, pandoc.Inlines { pandoc.Span(title, { class = "proof-title" }) }, {})
  return div
end

-- `div` with its title if it is one of these, else nil.
function M.div(div, index)
  local label = crossref.kind(div.identifier)
  if THEOREMS[label] then
    return theorem(div, label, index)
  end
  if PROOFS[label] then
    return proof(div, label, index)
  end
  for kind, class in pairs(PROOFS) do
    if div.classes:includes(class) then
      return proof(div, kind, index)
    end
  end
end

return M
