/** Pictures that are pasted or dropped into Markdown of a journal: files of its week, with a caption. */

import { EditorView } from '@codemirror/view';
import { Notification } from '@jupyterlab/apputils';

import { keepPicture, Refused } from './api';
import type { Documents } from './documents';

/** Take pictures before JupyterLab makes attachments of them, whose bytes would be in the notebook. */
export function watchPictures(documents: Documents): void {
  const taken = (event: ClipboardEvent | DragEvent, data: DataTransfer | null) => {
    const pictures = [...(data?.files ?? [])].filter(file => file.type.startsWith('image/'));
    const view = pictures.length > 0 ? viewOf(event.target) : null;
    if (!view || !data || data.types.includes('text/plain')) {
      // A table of numbers is copied with its picture: its author wants the numbers.
      return;
    }
    const dropped =
      event instanceof DragEvent
        ? view.posAtCoords({ x: event.clientX, y: event.clientY }, false)
        : null;
    const place = documents.place(view, dropped ?? 0);
    if (!place || place.cells[place.cell].kind !== 'markdown') {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (dropped !== null) {
      view.dispatch({ selection: { anchor: dropped } });
    }
    void put(view, place.path, pictures);
  };
  document.addEventListener('paste', event => taken(event, event.clipboardData), true);
  document.addEventListener('drop', event => taken(event, event.dataTransfer), true);
}

function viewOf(target: EventTarget | null): EditorView | null {
  const editor = (target as Element | null)?.closest?.<HTMLElement>('.cm-editor');
  return editor ? EditorView.findFromDOM(editor) : null;
}

/** Keep `pictures`, and write them at the cursor, which goes where the caption of the last is missing. */
async function put(view: EditorView, path: string, pictures: File[]): Promise<void> {
  let behind = 0;
  for (const picture of pictures) {
    try {
      const link = await keepPicture(path, picture);
      // What was written meanwhile has moved the cursor.
      const here = Math.min(view.state.selection.main.to + behind, view.state.doc.length);
      const line = view.state.doc.lineAt(here);
      const before = line.text.slice(0, here - line.from).trim() ? '\n\n' : '';
      const after = line.text.slice(here - line.from).trim() ? '\n\n' : '';
      const insert = `${before}![](${link})${after}`;
      view.dispatch({
        changes: { from: here, insert },
        selection: { anchor: here + before.length + 2 },
        scrollIntoView: true,
        userEvent: 'input.paste'
      });
      behind = insert.length - before.length - after.length - 2;
    } catch (reason) {
      const message = reason instanceof Refused ? reason.message : String(reason);
      Notification.error(`${picture.name}: ${message}`, { autoClose: 8000 });
    }
  }
  view.focus();
}
