/** What an editor of Markdown gets: completion, and what is known of a citation under the pointer. */

import {
  autocompletion,
  Completion,
  CompletionContext,
  CompletionResult,
  pickedCompletion
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { EditorView, hoverTooltip, Tooltip } from '@codemirror/view';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { about } from './about';
import { complete, hover, ICandidate } from './api';
import type { Documents } from './documents';

/** Whether the text before the cursor can begin something that the server knows. It decides itself. */
const WORTH_ASKING = /@\{?[^\s[\](),;"'`]*$|\]\(#\S*$|(^|[\s(])#[^\s#]+$|\[[^\][]*$|\]\{\.?\w*$/;

interface IOffer extends Completion {
  candidate: ICandidate;
}

export function help(documents: Documents, rendermime: IRenderMimeRegistry): Extension {
  return [
    autocompletion({
      override: [context => offers(context, documents, rendermime)],
      tooltipClass: () => 'wn-list',
      optionClass: option => ((option as IOffer).candidate?.unread ? 'wn-unread' : ''),
      closeOnBlur: true,
      maxRenderedOptions: 60
    }),
    hoverTooltip((view, at) => card(view, at, documents, rendermime), { hideOnChange: true })
  ];
}

async function offers(
  context: CompletionContext,
  documents: Documents,
  rendermime: IRenderMimeRegistry
): Promise<CompletionResult | null> {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const place = WORTH_ASKING.test(before) && context.view
    ? documents.place(context.view, context.pos)
    : null;
  if (!place) {
    return null;
  }
  const found = await complete(place).catch(reason => quietly(reason, []));
  if (context.aborted || found.length === 0) {
    return null;
  }
  return {
    from: Math.min(...found.map(one => one.start)),
    to: context.pos,
    // The server has chosen and ordered; what was typed need not be in a title.
    filter: false,
    options: found.map(one => offer(one, rendermime))
  };
}

function offer(candidate: ICandidate, rendermime: IRenderMimeRegistry): IOffer {
  return {
    candidate,
    label: candidate.label || candidate.text,
    detail: candidate.detail,
    info: candidate.about
      ? () => {
          const shown = about(rendermime, candidate.about);
          return { dom: shown.dom, destroy: shown.dispose };
        }
      : undefined,
    apply: (view, option) => {
      view.dispatch({
        changes: { from: candidate.start, to: candidate.end, insert: candidate.text },
        selection: { anchor: candidate.start + candidate.text.length },
        annotations: pickedCompletion.of(option),
        userEvent: 'input.complete'
      });
    }
  };
}

async function card(
  view: EditorView,
  at: number,
  documents: Documents,
  rendermime: IRenderMimeRegistry
): Promise<Tooltip | null> {
  // Only where there is a sign at all: most words are asked about in vain.
  const line = view.state.doc.lineAt(at);
  const place = line.text.includes('@') ? documents.place(view, at) : null;
  const found = place && (await hover(place).catch(reason => quietly(reason, null)));
  if (!found) {
    return null;
  }
  return {
    pos: found.start,
    end: found.end,
    above: true,
    create: () => {
      const shown = about(rendermime, found.markdown);
      return { dom: shown.dom, destroy: shown.dispose };
    }
  };
}

/** What typing must not be disturbed by: it is said in the console. */
function quietly<T>(reason: unknown, instead: T): T {
  console.warn('weeknotes:', reason);
  return instead;
}
