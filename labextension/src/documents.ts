/** The documents that are open, and the places of editors in them. */

import type { EditorView } from '@codemirror/view';
import type { CodeMirrorEditor } from '@jupyterlab/codemirror';
import type { IEditorTracker } from '@jupyterlab/fileeditor';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { CodeEditor } from '@jupyterlab/codeeditor';

import { IPlace, isInJournal } from './api';

export class Documents {
  constructor(
    private _notebooks: INotebookTracker,
    private _files: IEditorTracker | null
  ) {
    for (const tracker of [_notebooks, _files]) {
      tracker?.widgetAdded.connect((_, panel) => {
        this._ask(panel.context.localPath);
        panel.context.pathChanged.connect(() => this._ask(panel.context.localPath));
      });
    }
  }

  /** Whether the file `path`, which is open, is known to be in a journal. */
  isInJournal(path: string): boolean {
    return this._inJournal.get(path) ?? false;
  }

  private _ask(path: string): void {
    isInJournal(path)
      .then(found => this._inJournal.set(path, found))
      .catch(reason => console.warn('weeknotes:', reason));
  }

  private _inJournal = new Map<string, boolean>();

  /** The place at the offset `at` of the editor `view`; null where that is in no file of a journal. */
  place(view: EditorView, at: number): IPlace | null {
    let cell = -1;
    const panel = this._notebooks.find(one => {
      cell = one.content.widgets.findIndex(widget => shows(widget.editor, view));
      return cell >= 0;
    });
    if (panel && this.isInJournal(panel.context.localPath)) {
      return { path: panel.context.localPath, cells: texts(panel), cell, at };
    }
    const file = this._files?.find(one => shows(one.content.editor, view));
    if (file && this.isInJournal(file.context.localPath)) {
      const cells = [{ kind: 'markdown', text: view.state.doc.toString() }];
      return { path: file.context.localPath, cells, cell: 0, at };
    }
    return null;
  }

  /** The path and the cells of the notebook that shows `node`; null where none does. */
  cellsAround(node: Node): Pick<IPlace, 'path' | 'cells'> | null {
    const panel = this._notebooks.find(one => one.node.contains(node));
    return panel && this.isInJournal(panel.context.localPath) ? { path: panel.context.localPath, cells: texts(panel) } : null;
  }
}

function shows(editor: CodeEditor.IEditor | null, view: EditorView): boolean {
  return (editor as CodeMirrorEditor | null)?.editor === view;
}

function texts(panel: NotebookPanel): IPlace['cells'] {
  return panel.content.widgets.map(widget => ({
    kind: widget.model.type,
    text: widget.model.sharedModel.getSource()
  }));
}
