/** Questions to the server extension (`weeknotes.editors.jupyter_server`), with Jupyter's own login. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** The text of a cell: `kind` is "markdown", "code" or "raw". */
export interface ICellText {
  kind: string;
  text: string;
}

/** A place in a file: the cell (from 0), and the offset `at` in its text, in units of UTF-16. */
export interface IPlace {
  path: string;
  cells: ICellText[];
  cell: number;
  at: number;
}

/** Something that can be written in place of the cell's characters from `start` to `end`. */
export interface ICandidate {
  kind: string;
  label: string;
  detail: string;
  text: string;
  start: number;
  end: number;
  about: string;
  unread: boolean;
  key: string;
}

/** Markdown about the characters from `start` to `end`. */
export interface IHover {
  start: number;
  end: number;
  markdown: string;
  key: string;
}

/** A place in the journal: `file` from its root, `path` from the server's folder, the cell from 1. */
export interface IPlaced {
  file: string;
  path: string | null;
  cell: number | null;
}

/** What `weeknotes --json` says of the journal. */
export interface IOverview {
  title: string;
  week: string;
  tasks: (IPlaced & { text: string; since: string })[];
  unread: { key: string; title: string }[];
  findings: (IPlaced & { message: string; minor: boolean })[];
  site: { current: boolean | null };
}

/** An answer of the server that is no answer: its message is for the user. */
export class Refused extends Error {}

export async function complete(place: IPlace): Promise<ICandidate[]> {
  return (await ask<{ candidates: ICandidate[] }>('complete', place)).candidates;
}

export async function hover(place: IPlace): Promise<IHover | null> {
  return (await ask<{ hover: IHover | null }>('hover', place)).hover;
}

/** Whether the file `path` is in a journal. */
export async function isInJournal(path: string): Promise<boolean> {
  const found = await send<{ journal: string | null }>(
    `journal?path=${encodeURIComponent(path)}`,
    { method: 'GET' }
  );
  return found.journal !== null;
}

/** Keep a picture for the file `path`: its address from there. Throws Refused. */
export async function keepPicture(path: string, picture: File): Promise<string> {
  const query = `path=${encodeURIComponent(path)}&name=${encodeURIComponent(picture.name)}`;
  const init = { method: 'POST', body: await picture.arrayBuffer() };
  return (await send<{ link: string }>(`picture?${query}`, init)).link;
}

/** What is open in the journal that the file `path` is in. */
export async function overview(path: string): Promise<IOverview> {
  return send<IOverview>(`overview?path=${encodeURIComponent(path)}`, { method: 'GET' });
}

/** The Markdown of a new note on the paper `key`. */
export async function beginning(path: string, key: string): Promise<string> {
  const query = `path=${encodeURIComponent(path)}&key=${encodeURIComponent(key)}`;
  return (await send<{ text: string }>(`note?${query}`, { method: 'GET' })).text;
}

/** The address of the published page of `path`, for a page of `origin` to show. Throws Refused. */
export async function page(path: string, origin: string): Promise<string> {
  return (await ask<{ page: string }>('page', { path, origin })).page;
}

async function ask<T>(what: string, value: unknown): Promise<T> {
  return send<T>(what, { method: 'POST', body: JSON.stringify(value) });
}

/** The answer to a request. Throws Refused where the server says what is wrong. */
export async function send<T>(what: string, init: RequestInit): Promise<T> {
  const settings = ServerConnection.makeSettings();
  const url = URLExt.join(settings.baseUrl, 'weeknotes', '/') + what;
  const response = await ServerConnection.makeRequest(url, init, settings);
  const text = await response.text();
  let value: { message?: string } = {};
  try {
    value = JSON.parse(text);
  } catch {
    // A proxy's page, or nothing: the status says enough.
  }
  if (!response.ok) {
    throw new Refused(value.message ?? `${response.status} ${response.statusText}`);
  }
  return value as T;
}
