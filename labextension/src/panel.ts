/** The panel in the left bar: what is open in the week, papers to begin a note on, and findings. */

import { ICommandPalette, IFrame, MainAreaWidget, Notification } from '@jupyterlab/apputils';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { LabIcon } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import { beginning, complete, IOverview, IPlaced, overview, page, Refused } from './api';
import type { Documents } from './documents';

/** An open book. */
const icon = new LabIcon({
  name: 'weeknotes:icon',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path
    class="jp-icon3 jp-icon-selectable" fill="#616161" d="M2 5c3-1 6-1 9 1v13c-3-2-6-2-9-1zm20 0c-3-1-6-1-9
    1v13c3-2 6-2 9-1z"/></svg>`
});

const PAGE = 'weeknotes:page';
const PANEL = 'weeknotes:panel';
const MOST_UNREAD = 30;
/** Milliseconds after a save, or a key, for which more may come. */
const SOON = 400;

class Panel extends Widget {
  constructor(
    private _app: JupyterFrontEnd,
    private _notebooks: INotebookTracker,
    private _documents: Documents
  ) {
    super();
    this.id = 'weeknotes-panel';
    this.addClass('wn-panel');
    this.title.icon = icon;
    this.title.caption = 'Weeknotes';
    this._query.type = 'search';
    this._query.placeholder = 'Author, title or year';
    this._query.setAttribute('aria-label', 'Find a paper by author, title or year');
    this._query.addEventListener('input', () => this._later(() => this._search()));
    const buttons = element('div', 'wn-buttons');
    buttons.append(
      button('Published page', () => void this._app.commands.execute(PAGE)),
      button('Look again', () => void this.refresh())
    );
    this.node.append(buttons, this._week, this._findings);
    this.node.append(heading('Papers'), this._query, this._papers);
    _notebooks.widgetAdded.connect((_, panel) => {
      panel.context.saveState.connect((_, state) => {
        if (state === 'completed' && this.isVisible) {
          this._later(() => this.refresh());
        }
      });
    });
    _notebooks.currentChanged.connect(() => {
      if (this.isVisible && !this._overview) {
        this._later(() => this.refresh());
      }
    });
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.refresh();
  }

  /** Look at the journal of the current notebook again. */
  async refresh(): Promise<void> {
    const path = this._path();
    if (!path) {
      this._week.replaceChildren(element('p', 'wn-hint', 'Open a notebook of your journal.'));
      return;
    }
    this.node.setAttribute('aria-busy', 'true');
    try {
      this._overview = await overview(path);
      this._show(this._overview);
    } catch (reason) {
      this._week.replaceChildren(element('p', 'wn-hint', said(reason)));
    } finally {
      this.node.removeAttribute('aria-busy');
    }
  }

  private _show(found: IOverview): void {
    const state = { true: 'up to date', false: 'out of date', null: 'not built' };
    const site = state[`${found.site.current}` as keyof typeof state];
    this._week.replaceChildren(
      element('h2', '', `${found.title}, ${found.week}`),
      element('p', 'wn-hint', `The site is ${site}.`),
      heading(`Open tasks (${found.tasks.length})`),
      list(found.tasks.map(task => this._row(task.text, `since ${task.since}`, task)))
    );
    this._findings.replaceChildren(
      heading(`Findings (${found.findings.length})`),
      list(found.findings.map(one => this._row(one.message, whereabouts(one), one)))
    );
    void this._search();
  }

  private _row(text: string, detail: string, place: IPlaced): HTMLElement {
    const row = element('li', '');
    const open = button(text, () => void this._open(place));
    open.className = 'wn-link';
    open.disabled = place.path === null;
    row.append(open, element('span', 'wn-detail', detail));
    return row;
  }

  /** Show the papers with the words that were typed, or those that wait unread. */
  private async _search(): Promise<void> {
    const query = this._query.value.trim();
    const path = this._path();
    if (query && path) {
      const text = `@${query.replace(/[^\p{L}\p{N}]+/gu, '-')}`;
      const cells = [{ kind: 'markdown', text }];
      const place = { path, cells, cell: 0, at: text.length };
      const found = await complete(place).catch(reason => (console.warn('weeknotes:', reason), []));
      if (query === this._query.value.trim()) {
        const papers = found.filter(one => one.kind === 'paper');
        this._papers.replaceChildren(
          list(papers.map(one => this._paper(one.key, one.label, one.detail)))
        );
      }
      return;
    }
    const unread = this._overview?.unread ?? [];
    const more = unread.length - MOST_UNREAD;
    this._papers.replaceChildren(
      element('p', 'wn-hint', `${unread.length} unread, the longest waiting first`),
      list(unread.slice(0, MOST_UNREAD).map(one => this._paper(one.key, one.title, `@${one.key}`))),
      element('p', 'wn-hint', more > 0 ? `and ${more} more` : '')
    );
  }

  private _paper(key: string, title: string, detail: string): HTMLElement {
    const row = element('li', '');
    const begin = button('Begin a note', () => void this._begin(key));
    begin.setAttribute('aria-label', `Begin a note on ${title}`);
    row.append(element('span', '', title), element('span', 'wn-detail', detail), begin);
    return row;
  }

  /** Put a new note below the active cell; its author saves it, or not. */
  private async _begin(key: string): Promise<void> {
    const panel = this._notebooks.currentWidget;
    const path = this._path();
    if (!panel?.content.model || !path) {
      return;
    }
    try {
      const source = await beginning(path, key);
      const at = placeOfNote(panel);
      panel.content.model.sharedModel.insertCell(at, { cell_type: 'markdown', source });
      this._app.shell.activateById(panel.id);
      await goTo(panel, at);
      panel.content.mode = 'edit';
    } catch (reason) {
      Notification.error(said(reason), { autoClose: 8000 });
    }
  }

  private async _open(place: IPlaced): Promise<void> {
    const opened: unknown = await this._app.commands.execute('docmanager:open', {
      path: place.path
    });
    const panel = this._notebooks.find(one => one === opened);
    if (panel && place.cell) {
      await panel.revealed;
      await goTo(panel, indexOf(panel, place));
    }
  }

  /** The file that the journal is asked about by: the current notebook, where it is in one. */
  private _path(): string | null {
    const path = this._notebooks.currentWidget?.context.localPath;
    return path && this._documents.isInJournal(path) ? path : null;
  }

  private _later(work: () => Promise<void>): void {
    window.clearTimeout(this._waiting);
    this._waiting = window.setTimeout(() => void work(), SOON);
  }

  private _waiting = 0;
  private _overview: IOverview | null = null;
  private _query = document.createElement('input');
  private _week = element('section', '');
  private _findings = element('section', '');
  private _papers = element('section', '');
}

/** Add the panel to the left bar, and the command that shows the published page beside its notebook. */
export function addPanel(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  documents: Documents,
  palette: ICommandPalette | null
): void {
  const panel = new Panel(app, notebooks, documents);
  app.shell.add(panel, 'left', { rank: 900 });
  const isOn = () =>
    documents.isInJournal(notebooks.currentWidget?.context.localPath ?? '');
  app.commands.addCommand(PANEL, {
    label: 'Weeknotes: Show what is open in the week',
    execute: () => app.shell.activateById(panel.id)
  });
  app.commands.addCommand(PAGE, {
    label: 'Weeknotes: Show the published page beside the notebook',
    isEnabled: isOn,
    execute: async () => {
      await showPage(app, notebooks);
      if (panel.isVisible) {
        void panel.refresh();
      }
    }
  });
  for (const command of [PANEL, PAGE]) {
    palette?.addItem({ command, category: 'Weeknotes' });
  }
}

async function showPage(app: JupyterFrontEnd, notebooks: INotebookTracker): Promise<void> {
  const notebook = notebooks.currentWidget;
  if (!notebook) {
    return;
  }
  const told = Notification.emit('The site is being built …', 'in-progress', { autoClose: false });
  try {
    const address = await page(notebook.context.localPath, window.location.origin);
    // It is of another origin: its scripts reach nothing of JupyterLab's.
    const content = new IFrame({
      sandbox: ['allow-scripts', 'allow-same-origin', 'allow-popups', 'allow-forms']
    });
    content.url = address;
    const widget = new MainAreaWidget({ content });
    widget.id = `weeknotes-page-${notebook.id}`;
    widget.title.label = `Page: ${notebook.title.label.replace(/\.\w+$/, '')}`;
    widget.title.icon = icon;
    widget.title.closable = true;
    app.shell.add(widget, 'main', { ref: notebook.id, mode: 'split-right', activate: false });
  } catch (reason) {
    Notification.error(said(reason), { autoClose: 15000 });
  } finally {
    Notification.dismiss(told);
  }
}

/** Where a new note goes: below the active cell where its author writes, else at the end. */
function placeOfNote(panel: NotebookPanel): number {
  const { activeCell, activeCellIndex, widgets } = panel.content;
  const tags: unknown = activeCell?.model.getMetadata('tags');
  const own = activeCell?.model.type === 'markdown' && !(Array.isArray(tags) && tags.includes('generated'));
  return own ? activeCellIndex + 1 : widgets.length;
}

/** The index of the cell that a place means: with its words, nearest to the one of its number. */
function indexOf(panel: NotebookPanel, place: IPlaced & { text?: string }): number {
  const index = (place.cell ?? 1) - 1;
  const words = place.text?.slice(0, 20);
  // What is not saved yet has moved the cells.
  const holds = (at: number) =>
    !!words && !!panel.content.widgets[at]?.model.sharedModel.getSource().includes(words);
  const near = panel.content.widgets.map((_, at) => at).filter(holds);
  near.sort((one, other) => Math.abs(one - index) - Math.abs(other - index));
  return near[0] ?? index;
}

async function goTo(panel: NotebookPanel, index: number): Promise<void> {
  panel.content.activeCellIndex = index;
  await panel.content.scrollToItem(index).catch(() => undefined);
}

function said(reason: unknown): string {
  return reason instanceof Refused ? reason.message : String(reason);
}

function whereabouts(place: IPlaced): string {
  const file = (place.file ?? '').replace(/^.*\//, '');
  return place.cell ? `${file}, cell ${place.cell}` : file;
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  text = ''
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function heading(text: string): HTMLElement {
  return element('h3', '', text);
}

function list(rows: HTMLElement[]): HTMLElement {
  const made = element('ul', '');
  made.append(...rows);
  return made;
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = element('button', 'wn-button', text);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}
