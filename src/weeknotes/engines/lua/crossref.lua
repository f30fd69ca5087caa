-- Numbers and references of figures, tables, listings, equations, sections, theorems and numbered
-- callouts.

local M = {}

local NBSP = "\u{a0}"
local KINDS = { fig = true, tbl = true, lst = true, eq = true, sec = true,
  nte = true, tip = true, wrn = true, imp = true, cau = true,
  thm = true, lem = true, cor = true, prp = true, cnj = true, def = true, exm = true, exr = true,
  prf = true, rem = true, sol = true }
M.CALLOUT_KINDS = { note = "nte", tip = "tip", warning = "wrn", important = "imp", caution = "cau" }
local CALLOUT_WORDS = { nte = "note", tip = "tip", wrn = "warning", imp = "important", cau = "caution" }

function M.new_index(words, options, conditions)
  local section = { 0, 0, 0, 0, 0, 0, 0 }
  if (options["title-level"] or 0) > 0 then
    -- The heading that became the page's title is counted, as in Quarto.
    section[options["title-level"]] = 1
  end
  return {
    words = words, options = options, conditions = conditions, entries = {}, counts = {}, unresolved = {}, notes = {},
    section = section,
  }
end

-- The kind of thing that `label` names ("fig" for "fig-x"), or nil.
function M.kind(label)
  local kind = label and label:match("^(%a+)%-")
  if kind then
    kind = kind:lower()
  end
  return KINDS[kind] and kind or nil
end

-- Whether `label` is that of a numbered callout.
function M.is_callout(label)
  return CALLOUT_WORDS[M.kind(label) or ""] ~= nil
end

local function word(index, kind)
  return index.words[kind] or index.words[CALLOUT_WORDS[kind]]
end

local ROMAN = { { 100, "c" }, { 90, "xc" }, { 50, "l" }, { 40, "xl" }, { 10, "x" }, { 9, "ix" }, { 5, "v" },
  { 4, "iv" }, { 1, "i" } }

local function roman(number)
  local text = ""
  for _, step in ipairs(ROMAN) do
    while number >= step[1] do
      text, number = text .. step[2], number - step[1]
    end
  end
  return text
end

-- `count` as the page numbers things of `kind`: by "arabic", "roman i", "alpha a" with any first letter,
-- or a list of labels.
local function styled(index, kind, count, default)
  local numbers = index.options.numbers or {}
  local style = numbers[kind .. "-labels"] or numbers.labels or default
  if type(style) == "table" then
    return #style > 0 and tostring(style[(count - 1) % #style + 1]) or tostring(count)
  end
  style = tostring(style)
  local first = style:match("^alpha%s*(%S*)")
  if first then
    return utf8.char(utf8.codepoint(first ~= "" and first or "a") + count - 1)
  end
  if style:match("^roman") then
    return style:match("i$") and roman(count) or roman(count):upper()
  end
  return tostring(count)
end

-- Number `label`; what it is called by is kept for references. Returns the number as text.
function M.number(index, kind, label)
  local count = (index.counts[kind] or 0) + 1
  index.counts[kind] = count
  local text = styled(index, kind, count, "arabic")
  index.entries[label] = { kind = kind, text = text }
  return text
end

-- Number `label` as the n-th part of `parent`. Returns "(a)" for the first.
function M.number_part(index, kind, label, parent, n)
  local letter = "(" .. styled(index, "subref", n, "alpha a") .. ")"
  local entry = index.entries[parent]
  if label ~= "" then
    index.entries[label] = { kind = kind, text = entry.text .. " " .. letter }
  end
  return letter
end

-- "Figure 1: " before a caption, or "Figure 1" alone where there is none.
function M.caption(index, kind, number, inlines)
  local title = pandoc.Inlines {}
  local name = word(index, kind)
  title:insert(pandoc.Str(name .. NBSP .. number .. (#inlines > 0 and index.words.delim or "")))
  if #inlines > 0 then
    title:insert(pandoc.Space())
    title:extend(inlines)
  end
  return title
end

local function section_text(section, level)
  local last = 1
  for i = level, 2, -1 do
    if section[i] > 0 then
      last = i
      break
    end
  end
  local parts = {}
  if section[1] > 0 then
    parts[1] = tostring(section[1])
  end
  for i = 2, last do
    parts[#parts + 1] = tostring(section[i])
  end
  return table.concat(parts, ".")
end

-- Count a heading, and number it where the page asks for that.
function M.heading(index, header)
  if header.classes:includes("unnumbered") then
    return header
  end
  local section, level = index.section, header.level
  for i = level + 1, #section do
    section[i] = 0
  end
  section[level] = section[level] + 1
  local text = section_text(section, level)
  if M.kind(header.identifier) == "sec" then
    index.entries[header.identifier] = { kind = "sec", text = text }
  end
  if index.options["number-sections"] and level <= (index.options["number-depth"] or 6) then
    header.content:insert(1, pandoc.Space())
    header.content:insert(1, pandoc.Span(pandoc.Str(text), { class = "header-section-number" }))
  end
  return header
end

-- The label in the attributes that begin at `inlines[i]`, and how many elements these are; what follows
-- them in the last one stays as `rest`.
local function equation_label(inlines, i)
  local text = ""
  for n = i, #inlines do
    text = text .. (inlines[n].tag == "SoftBreak" and " " or pandoc.utils.stringify(inlines[n]))
    if n == i and not text:find("^{#eq%-") then
      return nil
    end
    local label, rest = text:match("^{#(eq%-[^%s}]+)[^{}]*}(.*)$")
    if label then
      return label, n - i + 1, rest
    end
  end
end

-- Equations: display maths followed by {#eq-label}, or by that and other attributes.
function M.equations(index, inlines)
  if not inlines:find_if(function(el) return el.tag == "Math" end) then
    return nil
  end
  local result, changed = pandoc.Inlines {}, false
  local i = 1
  while i <= #inlines do
    local el = inlines[i]
    local label, count, rest
    if el.tag == "Math" and el.mathtype == "DisplayMath" then
      local space = inlines[i + 1]
      local gap = space and (space.tag == "Space" or space.tag == "SoftBreak") and 1 or 0
      label, count, rest = equation_label(inlines, i + 1 + gap)
      count = count and count + gap
    end
    if label then
      local number = M.number(index, "eq", label)
      el.text = el.text .. " \\qquad(" .. number .. ")"
      result:insert(pandoc.Span({ el }, { id = label }))
      if rest ~= "" then
        result:insert(pandoc.Str(rest))
      end
      i, changed = i + count + 1, true
    else
      result:insert(el)
      i = i + 1
    end
  end
  return changed and result or nil
end

local function reference(index, citation, kind)
  local label = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
  local entry = index.entries[label]
  if not entry then
    index.unresolved[#index.unresolved + 1] = citation.id
    return pandoc.Strong { pandoc.Str("?@" .. label) }
  end
  local text = pandoc.Inlines {}
  if #citation.prefix > 0 then
    text:extend(citation.prefix)
    text:insert(pandoc.Str(NBSP))
  elseif citation.mode ~= "SuppressAuthor" then
    local prefix = index.words[kind .. "-prefix"] or word(index, kind)
    if prefix ~= "" then
      if citation.id:match("^%u") then
        prefix = pandoc.text.upper(pandoc.text.sub(prefix, 1, 1)) .. pandoc.text.sub(prefix, 2)
      end
      text:insert(pandoc.Str(prefix .. NBSP))
    end
  end
  text:insert(pandoc.Str(entry.text))
  if not index.options.numbers.links then
    return pandoc.Span(text)
  end
  return pandoc.Link(text, "#" .. label, "", { class = "xref" })
end

-- Replace references by links; returns the blocks and the keys of the citations that remain.
function M.resolve(blocks, index)
  local cited = {}
  blocks = blocks:walk {
    Cite = function(cite)
      local refs = pandoc.Inlines {}
      for _, citation in ipairs(cite.citations) do
        local kind = M.kind(citation.id)
        if kind then
          if #refs > 0 then
            refs:extend { pandoc.Str(","), pandoc.Space() }
          end
          refs:insert(reference(index, citation, kind))
        end
      end
      if #refs > 0 then
        return refs
      end
      for _, citation in ipairs(cite.citations) do
        cited[#cited + 1] = citation.id
      end
    end,
  }
  return blocks, cited
end

return M
