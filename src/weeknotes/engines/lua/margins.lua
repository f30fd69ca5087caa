-- What is set in the margin: spans of the classes `column-margin` and `aside`, and on request footnotes
-- and the entries of citations. Each follows the paragraph that it belongs to, in a div `aside`.

local M = {}

local NBSP = "\u{a0}"

local function in_margin(span)
  return span.classes:includes("column-margin") or span.classes:includes("aside")
end

local function aside(blocks, attr)
  local div = pandoc.Div(blocks, attr or pandoc.Attr())
  div.classes:insert("aside")
  return div
end

-- The footnote as a number that leads to its text in the margin, and that text.
local function side_note(note, number)
  local mark = pandoc.Superscript { pandoc.Str(number) }
  local blocks = note.content
  local first = blocks[1]
  if first and (first.tag == "Para" or first.tag == "Plain") then
    first.content:insert(1, pandoc.Str(NBSP))
    first.content:insert(1, mark)
    blocks[1] = first
  else
    blocks:insert(1, pandoc.Para { mark })
  end
  local attr = pandoc.Attr("fnref" .. number, { "footnote-ref" }, { role = "doc-noteref" })
  return pandoc.Link({ mark }, "#fn" .. number, "", attr), aside(blocks, pandoc.Attr("fn" .. number))
end

-- `block`, a paragraph, without what goes into the margin, and that. `state` counts footnotes.
local function split(block, state)
  local asides = pandoc.Blocks {}
  local kept = block:walk {
    traverse = "topdown",
    Span = function(span)
      if in_margin(span) then
        asides:insert(aside({ pandoc.Plain(span.content) }))
        return {}, false
      end
    end,
    Note = function(note)
      if state.notes then
        state.count = state.count + 1
        local link, text = side_note(note, tostring(state.count))
        asides:insert(text)
        return link, false
      end
    end,
    Cite = function(cite)
      for _, citation in ipairs(state.entries and cite.citations or {}) do
        local entry = state.entries[citation.id]
        if entry then
          asides:insert(aside({ entry }))
          state.entries[citation.id] = nil
        end
      end
    end,
  }
  return kept, asides
end

local function spread(blocks, state)
  return blocks:walk {
    traverse = "topdown",
    Blocks = function(list)
      local result = pandoc.Blocks {}
      for _, block in ipairs(list) do
        if block.tag == "Para" or block.tag == "Plain" then
          local kept, asides = split(block, state)
          result:insert(kept)
          result:extend(asides)
        else
          result:insert(block)
        end
      end
      return result
    end,
  }
end

-- `blocks` with what goes into the margin behind its paragraphs.
function M.apply(blocks, text, options)
  local notes = options["reference-location"] == "margin" and text:find("%[?%^") ~= nil
  if not notes and not text:find("column%-margin") and not text:find("aside") then
    return blocks
  end
  return spread(blocks, { notes = notes, count = 0 })
end

-- `blocks`, in which citeproc has set the citations, with the entry of each behind the paragraph that
-- first cites it instead of in a list.
function M.entries(blocks)
  local entries = {}
  blocks = blocks:walk {
    Div = function(div)
      if div.identifier ~= "refs" then
        return nil
      end
      for _, entry in ipairs(div.content) do
        local key = entry.identifier and entry.identifier:match("^ref%-(.+)$")
        if key then
          entries[key] = entry
        end
      end
      return {}
    end,
  }
  return spread(blocks, { entries = entries })
end

return M
