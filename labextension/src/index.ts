/** The JupyterLab extension of Weeknotes: help while typing in the notebooks of a journal. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { EditorExtensionRegistry, IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import { IEditorTracker } from '@jupyterlab/fileeditor';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { Documents } from './documents';
import { help } from './editor';
import { addPanel } from './panel';
import { watchPictures } from './pictures';
import { watchRendered } from './rendered';

/** The types of Markdown: cells of notebooks have the first. */
const MARKDOWN = /^text\/(x-ipythongfm|x-markdown|markdown|x-quarto|x-rmarkdown)$/;

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'weeknotes:plugin',
  description: 'Completes citations, tags and references of a journal, and shows papers.',
  autoStart: true,
  requires: [INotebookTracker, IEditorExtensionRegistry, IRenderMimeRegistry],
  optional: [IEditorTracker, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    extensions: IEditorExtensionRegistry,
    rendermime: IRenderMimeRegistry,
    files: IEditorTracker | null,
    palette: ICommandPalette | null
  ) => {
    const documents = new Documents(notebooks, files);
    watchRendered(documents, rendermime);
    watchPictures(documents);
    addPanel(app, notebooks, documents, palette);
    extensions.addExtension({
      name: 'weeknotes:help',
      factory: ({ model }) =>
        MARKDOWN.test(model.mimeType)
          ? EditorExtensionRegistry.createImmutableExtension(help(documents, rendermime))
          : null
    });
  }
};

export default plugin;
