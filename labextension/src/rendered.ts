/** What is known of a citation that the pointer rests on in a Markdown cell that is shown rendered. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { about } from './about';
import { hover } from './api';
import type { Documents } from './documents';

/** Milliseconds for which the pointer must rest. */
const REST = 350;
/** A citation as it is left in what Jupyter renders, which knows of none. */
const CITATION = /-?@\{?[\p{L}\p{N}_][^\s[\]{};,"'`]*\}?/gu;

/** A citation on the page: its text, and the box around it. */
interface IWord {
  text: string;
  node: Node;
  box: DOMRect;
}

/** Show a card when the pointer rests on a citation of a notebook. */
export function watchRendered(documents: Documents, rendermime: IRenderMimeRegistry): void {
  let waiting = 0;
  let shown: { dom: HTMLElement; dispose: () => void; word: IWord } | null = null;
  const hide = () => {
    shown?.dispose();
    shown?.dom.remove();
    shown = null;
  };
  const show = async (word: IWord) => {
    const cells = documents.cellsAround(word.node);
    if (!cells) {
      return;
    }
    const asked = [...cells.cells, { kind: 'markdown', text: word.text }];
    const at = word.text.indexOf('@') + 1;
    const place = { path: cells.path, cells: asked, cell: asked.length - 1, at };
    const found = await hover(place).catch(reason => (console.warn('weeknotes:', reason), null));
    if (!found || waiting !== 0) {
      return;
    }
    hide();
    shown = { ...about(rendermime, found.markdown), word };
    shown.dom.classList.add('wn-card');
    document.body.appendChild(shown.dom);
    put(shown.dom, word.box);
  };
  document.addEventListener('mousemove', event => {
    window.clearTimeout(waiting);
    waiting = 0;
    const { clientX: x, clientY: y } = event;
    if (shown && (shown.dom.contains(event.target as Node) || isIn(shown.word.box, x, y))) {
      return;
    }
    hide();
    if ((event.target as Element | null)?.closest?.('.jp-Notebook .jp-RenderedMarkdown')) {
      waiting = window.setTimeout(() => {
        waiting = 0;
        const word = wordAt(x, y);
        if (word) {
          void show(word);
        }
      }, REST);
    }
  });
  for (const name of ['keydown', 'wheel', 'mousedown']) {
    document.addEventListener(
      name,
      event => {
        if (!shown?.dom.contains(event.target as Node)) {
          hide();
        }
      },
      true
    );
  }
}

function wordAt(x: number, y: number): IWord | null {
  const range = document.caretRangeFromPoint?.(x, y);
  const node = range?.startContainer;
  if (!range || !node || node.nodeType !== Node.TEXT_NODE) {
    return null;
  }
  for (const match of (node as Text).data.matchAll(CITATION)) {
    const [start, end] = [match.index ?? 0, (match.index ?? 0) + match[0].length];
    if (start <= range.startOffset && range.startOffset <= end) {
      const around = document.createRange();
      around.setStart(node, start);
      around.setEnd(node, end);
      const box = around.getBoundingClientRect();
      return isIn(box, x, y) ? { text: match[0], node, box } : null;
    }
  }
  return null;
}

function isIn(box: DOMRect, x: number, y: number): boolean {
  return box.left <= x && x <= box.right && box.top <= y && y <= box.bottom + 2;
}

/** Put `card` below `box`, or above it where there is no room. */
function put(card: HTMLElement, box: DOMRect): void {
  const [wide, high] = [card.offsetWidth, card.offsetHeight];
  const below = box.bottom + 2;
  const top = below + high <= window.innerHeight ? below : Math.max(0, box.top - high - 2);
  card.style.top = `${top}px`;
  card.style.left = `${Math.max(0, Math.min(box.left, window.innerWidth - wide - 8))}px`;
}
