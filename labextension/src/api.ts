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
}

/** Markdown about the characters from `start` to `end`. */
export interface IHover {
  start: number;
  end: number;
  markdown: string;
  key: string;
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
