/** What is known of a paper, shown as Jupyter shows Markdown: cleaned, nothing in it is run. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';

/** An element with `markdown` in it. `dispose` it when it is shown no longer. */
export function about(
  rendermime: IRenderMimeRegistry,
  markdown: string
): { dom: HTMLElement; dispose: () => void } {
  const dom = document.createElement('div');
  dom.className = 'wn-about';
  const renderer = rendermime.createRenderer('text/markdown');
  const model = rendermime.createModel({
    data: { 'text/markdown': markdown },
    trusted: false
  });
  // The renderer is a widget, which is told of the page only while its element is there.
  dom.appendChild(renderer.node);
  void renderer.renderModel(model);
  return { dom, dispose: () => (renderer as Widget).dispose() };
}
