"""The rules that findings go by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A rule: its name, family, what it finds, and whether `--fix` mends it.

    A ``minor`` rule is about tidiness; `--strict` alone makes it count.
    """

    name: str
    family: str
    summary: str
    fixable: bool = False
    minor: bool = False


_TABLE = (
    Rule("citation-unknown", "Citations", "A citation key that the library does not have."),
    Rule(
        "citation-glued",
        "Citations",
        "An `@key` right after a letter, as in `参见@key`, which pandoc takes for text.",
    ),
    Rule("library-invalid", "Library", "`references.json` cannot be read."),
    Rule("library-title", "Library", "An entry without a title."),
    Rule("library-author", "Library", "An entry without an author or editor."),
    Rule("library-date", "Library", "An entry without a date."),
    Rule(
        "library-imported",
        "Library",
        "Imported entries without an author or a date, all of them in one line.",
        minor=True,
    ),
    Rule(
        "library-duplicate",
        "Library",
        "Two entries for one paper: the same DOI, arXiv number, or title and year.",
    ),
    Rule(
        "library-key",
        "Library",
        "Citation keys that differ in case alone, stand for two entries, or cannot be cited.",
    ),
    Rule(
        "library-form",
        "Library",
        "`references.json` is not in the order in which Weeknotes writes it.",
        fixable=True,
        minor=True,
    ),
    Rule(
        "library-bib",
        "Library",
        "`references.bib` is not what `references.json` gives.",
        fixable=True,
    ),
    Rule("image-missing", "Images", "An image, video or attachment that is not there."),
    Rule("image-outside", "Images", "An image outside of the journal's folder."),
    Rule("image-large", "Images", "An image of more than 2 MB."),
    Rule("image-place", "Images", "A photo that says where it was taken."),
    Rule("image-alt", "Images", "An image without a caption or an alternative text."),
    Rule(
        "image-unused", "Images", "An image under `assets/images` that nothing shows.", minor=True
    ),
    Rule("link-missing", "Links", "A link to a file of the journal that is not there."),
    Rule("anchor-missing", "Links", "A link to a heading or label that its page does not have."),
    Rule(
        "reference-missing",
        "Links",
        "A cross-reference such as `@fig-x`, or a footnote, that its page does not have.",
    ),
    Rule("link-dead", "Links", "A link to another site that does not answer (`--online` alone)."),
    Rule("week-invalid", "Weeks", "A `week` that is none, or that its year does not have."),
    Rule("week-file-name", "Weeks", "A file name and a `week` that disagree."),
    Rule("week-date", "Weeks", "A `date` outside of the week."),
    Rule("week-title", "Weeks", "A title that names another week, or days outside of it."),
    Rule("week-missing", "Weeks", "A week between two others that has no notebook.", minor=True),
    Rule("week-duplicate", "Weeks", "Two notebooks for one week."),
    Rule(
        "file-name",
        "Files",
        "A file that Windows or macOS cannot have: by its name, or beside one that differs from it in "
        "upper and lower case alone.",
    ),
    Rule(
        "front-matter-missing", "Front matter", "A notebook that does not begin with front matter."
    ),
    Rule(
        "front-matter-invalid",
        "Front matter",
        "Front matter that is not YAML, or not keys with values.",
    ),
    Rule(
        "front-matter-value",
        "Front matter",
        "A value that Quarto refuses or passes over: of another kind than its key takes.",
    ),
    Rule(
        "front-matter-place",
        "Front matter",
        "Front matter in another cell than a first raw one, which one engine does not read.",
    ),
    Rule("metadata-invalid", "Front matter", "A `_metadata.yml` that cannot be read."),
    Rule("notebook-invalid", "Notebooks", "A file that is not a valid notebook."),
    Rule(
        "notebook-format",
        "Notebooks",
        "A notebook of a format before 4.5: of nbformat 2 or 3, or with cells that have no ids.",
        fixable=True,
    ),
    Rule("cell-id", "Notebooks", "A cell without an id.", fixable=True),
    Rule(
        "cell-id-duplicate",
        "Notebooks",
        "Two cells with one id, or an id that nbformat refuses.",
        fixable=True,
    ),
    Rule(
        "merge-unfinished",
        "Notebooks",
        "A cell that holds the marks of a merge that was not finished.",
    ),
    Rule(
        "code-not-run",
        "Notebooks",
        "Code that was never run, though other code of the notebook was.",
    ),
    Rule("code-order", "Notebooks", "Code that was not run in the order of the notebook."),
    Rule("code-error", "Notebooks", "Code that ended in an error."),
    Rule(
        "page-unread",
        "Notebooks",
        "A `.qmd` or `.md` file in `journal/` that is no page and that no page includes.",
    ),
    Rule("cell-large", "Notebooks", "A cell of more than 500 kB, which no diff can show."),
    Rule(
        "notebook-newline",
        "Notebooks",
        "A file that does not end with a line end.",
        fixable=True,
        minor=True,
    ),
    Rule(
        "output-interactive",
        "Outputs",
        "An output that only a script can draw, and that has no still image.",
    ),
    Rule("output-path", "Outputs", "An absolute path in an output."),
    Rule("output-email", "Outputs", "An e-mail address in an output."),
    Rule("secret", "Outputs", "A token, password or key in a cell or its output."),
    Rule("markdown-fence", "Markdown", "A code fence that is never closed in its cell."),
    Rule(
        "markdown-div",
        "Markdown",
        "A div that is never closed, or a `:::` that opens or closes none.",
    ),
    Rule(
        "markdown-heading",
        "Markdown",
        "A heading without a blank line before it, which pandoc takes for text.",
    ),
    Rule(
        "markdown-block",
        "Markdown",
        "A list, quote or table without a blank line before it, which pandoc takes for text.",
    ),
    Rule(
        "markdown-math",
        "Markdown",
        "A `$$` that begins or ends no formula; a blank line in one ends it, too.",
    ),
    Rule(
        "markdown-comment",
        "Markdown",
        "A comment that ends in another cell, so that the cells between are not shown.",
    ),
    Rule(
        "markdown-tex",
        "Markdown",
        "TeX outside of a formula in a `.qmd` or `.md` file, which a page does not show.",
    ),
    Rule("markdown-label", "Markdown", "A label that occurs twice on a page."),
    Rule(
        "markdown-shortcode",
        "Markdown",
        "A shortcode that the built-in renderer does not know, or an include within a line.",
    ),
    Rule(
        "markdown-engine",
        "Markdown",
        "What one engine shows otherwise than the other: an include within code, algorithms, ….",
    ),
    Rule(
        "private-mark",
        "Private",
        "What looks like a mark of something private and is none, such as `{private}`.",
    ),
    Rule(
        "private-reference",
        "Private",
        "A public part that refers to a label in a private one, or links a private page.",
    ),
    Rule(
        "private-paper",
        "Private",
        "A generated cell that lists a paper which only private notes cite.",
    ),
    Rule(
        "quarto-refused",
        "Quarto",
        "A source that would make Quarto run, read or publish other things than the journal.",
    ),
    Rule("page-failed", "Pages", "A page that cannot be rendered."),
    Rule(
        "page-warning",
        "Pages",
        "What else `weeknotes render` warns of, such as an option that has no effect.",
        minor=True,
    ),
    Rule("rule-unknown", "Rules", "A rule that a notebook turns off, and that there is none of."),
)

RULES = {rule.name: rule for rule in _TABLE}
