"use strict";(self.rspackChunkweeknotes=self.rspackChunkweeknotes||[]).push([[232],{"./node_modules/css-loader/dist/cjs.js!./style/base.css"(e,o,t){var r=t("./node_modules/css-loader/dist/runtime/noSourceMaps.js"),n=t.n(r),i=t("./node_modules/css-loader/dist/runtime/api.js"),a=(t.n(i))()(n());a.push([e.id,`.wn-about {
  max-width: 32rem;
  max-height: 20rem;
  overflow: auto;
  padding: 0.25rem 0.75rem;
  font-family: var(--jp-content-font-family);
  font-size: var(--jp-ui-font-size1);
  line-height: 1.45;
  white-space: normal;
}

.wn-about .jp-RenderedMarkdown {
  padding: 0;
  font-size: inherit;
}

.wn-card {
  position: absolute;
  z-index: 10000;
  background: var(--jp-layout-color1);
  color: var(--jp-content-font-color1);
  border: 1px solid var(--jp-border-color1);
  box-shadow: var(--jp-elevation-z4);
}

.cm-tooltip.cm-tooltip-autocomplete.wn-list > ul {
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size1);
  max-height: 17rem;
  max-width: min(46rem, 92vw);
  min-width: 22rem;
}

.cm-tooltip.cm-tooltip-autocomplete.wn-list > ul > li {
  display: grid;
  grid-template-columns: 1.2em minmax(0, 1fr) auto;
  gap: 0.5em;
  padding: 0.2em 0.5em;
}

.wn-list .cm-completionLabel {
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.wn-list .cm-completionDetail {
  margin: 0;
  font-style: normal;
  color: var(--jp-ui-font-color2);
}

.wn-list li[aria-selected] .cm-completionDetail {
  color: inherit;
}

/* A paper that no note is on has a dot before it. */
.wn-list .cm-completionIcon {
  width: 1.2em;
  padding: 0;
}

.wn-list .wn-unread .cm-completionIcon::after {
  content: '●';
  color: var(--jp-brand-color1);
}

.wn-list .wn-unread[aria-selected] .cm-completionIcon::after {
  color: inherit;
}

.cm-tooltip.cm-completionInfo.wn-info {
  background: var(--jp-layout-color1);
  color: var(--jp-content-font-color1);
  border: 1px solid var(--jp-border-color1);
}

.wn-panel {
  overflow: auto;
  min-width: 15rem;
  padding: 0.5rem 0.75rem 2rem;
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
  line-height: 1.4;
}

.wn-panel[aria-busy='true'] {
  opacity: 0.6;
}

.wn-panel h2 {
  font-size: var(--jp-ui-font-size2);
  margin: 0.75rem 0 0;
}

.wn-panel h3 {
  font-size: var(--jp-ui-font-size1);
  margin: 1rem 0 0.25rem;
}

.wn-panel ul {
  list-style: none;
  margin: 0;
  padding: 0;
}

.wn-panel li {
  padding: 0.35rem 0;
  border-bottom: 1px solid var(--jp-border-color3);
  overflow-wrap: anywhere;
}

.wn-detail,
.wn-hint {
  color: var(--jp-ui-font-color2);
  margin: 0;
}

.wn-detail {
  display: block;
}

.wn-buttons {
  display: flex;
  flex-wrap: wrap;
  gap: 0.4rem;
}

.wn-button {
  border: 1px solid var(--jp-border-color1);
  border-radius: var(--jp-border-radius);
  background: var(--jp-layout-color2);
  color: var(--jp-ui-font-color1);
  font: inherit;
  padding: 0.15rem 0.5rem;
  cursor: pointer;
}

.wn-panel .wn-link {
  display: block;
  border: 0;
  background: none;
  padding: 0;
  text-align: start;
  color: var(--jp-content-link-color);
  font: inherit;
  cursor: pointer;
}

.wn-panel .wn-link:disabled {
  color: inherit;
  cursor: default;
}

.wn-panel input {
  box-sizing: border-box;
  width: 100%;
  padding: 0.25rem 0.4rem;
  border: 1px solid var(--jp-border-color1);
  background: var(--jp-layout-color0);
  color: inherit;
  font: inherit;
}

.wn-panel :focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: 1px;
}
`,""]),t.d(o,{},{A:a})},"./node_modules/css-loader/dist/runtime/api.js"(e){e.exports=function(e){var o=[];return o.toString=function(){return this.map(function(o){var t="",r=void 0!==o[5];return o[4]&&(t+="@supports (".concat(o[4],") {")),o[2]&&(t+="@media ".concat(o[2]," {")),r&&(t+="@layer".concat(o[5].length>0?" ".concat(o[5]):""," {")),t+=e(o),r&&(t+="}"),o[2]&&(t+="}"),o[4]&&(t+="}"),t}).join("")},o.i=function(e,t,r,n,i){"string"==typeof e&&(e=[[null,e,void 0]]);var a={};if(r)for(var s=0;s<this.length;s++){var l=this[s][0];null!=l&&(a[l]=!0)}for(var d=0;d<e.length;d++){var c=[].concat(e[d]);r&&a[c[0]]||(void 0!==i&&(void 0===c[5]||(c[1]="@layer".concat(c[5].length>0?" ".concat(c[5]):""," {").concat(c[1],"}")),c[5]=i),t&&(c[2]&&(c[1]="@media ".concat(c[2]," {").concat(c[1],"}")),c[2]=t),n&&(c[4]?(c[1]="@supports (".concat(c[4],") {").concat(c[1],"}"),c[4]=n):c[4]="".concat(n)),o.push(c))}},o}},"./node_modules/css-loader/dist/runtime/noSourceMaps.js"(e){e.exports=function(e){return e[1]}},"./node_modules/style-loader/dist/runtime/injectStylesIntoStyleTag.js"(e){var o=[];function t(e){for(var t=-1,r=0;r<o.length;r++)if(o[r].identifier===e){t=r;break}return t}function r(e,r){for(var n={},i=[],a=0;a<e.length;a++){var s=e[a],l=r.base?s[0]+r.base:s[0],d=n[l]||0,c="".concat(l," ").concat(d);n[l]=d+1;var u=t(c),p={css:s[1],media:s[2],sourceMap:s[3],supports:s[4],layer:s[5]};if(-1!==u)o[u].references++,o[u].updater(p);else{var m=function(e,o){var t=o.domAPI(o);return t.update(e),function(o){o?(o.css!==e.css||o.media!==e.media||o.sourceMap!==e.sourceMap||o.supports!==e.supports||o.layer!==e.layer)&&t.update(e=o):t.remove()}}(p,r);r.byIndex=a,o.splice(a,0,{identifier:c,updater:m,references:1})}i.push(c)}return i}e.exports=function(e,n){var i=r(e=e||[],n=n||{});return function(e){e=e||[];for(var a=0;a<i.length;a++){var s=t(i[a]);o[s].references--}for(var l=r(e,n),d=0;d<i.length;d++){var c=t(i[d]);0===o[c].references&&(o[c].updater(),o.splice(c,1))}i=l}}},"./node_modules/style-loader/dist/runtime/insertBySelector.js"(e){var o={};e.exports=function(e,t){var r=function(e){if(void 0===o[e]){var t=document.querySelector(e);if(window.HTMLIFrameElement&&t instanceof window.HTMLIFrameElement)try{t=t.contentDocument.head}catch(e){t=null}o[e]=t}return o[e]}(e);if(!r)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");r.appendChild(t)}},"./node_modules/style-loader/dist/runtime/insertStyleElement.js"(e){e.exports=function(e){var o=document.createElement("style");return e.setAttributes(o,e.attributes),e.insert(o,e.options),o}},"./node_modules/style-loader/dist/runtime/setAttributesWithoutAttributes.js"(e,o,t){e.exports=function(e){var o=t.nc;o&&e.setAttribute("nonce",o)}},"./node_modules/style-loader/dist/runtime/styleDomAPI.js"(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var o=e.insertStyleElement(e);return{update:function(t){var r,n,i;r="",t.supports&&(r+="@supports (".concat(t.supports,") {")),t.media&&(r+="@media ".concat(t.media," {")),(n=void 0!==t.layer)&&(r+="@layer".concat(t.layer.length>0?" ".concat(t.layer):""," {")),r+=t.css,n&&(r+="}"),t.media&&(r+="}"),t.supports&&(r+="}"),(i=t.sourceMap)&&"u">typeof btoa&&(r+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(i))))," */")),e.styleTagTransform(r,o,e.options)},remove:function(){var e;null===(e=o).parentNode||e.parentNode.removeChild(e)}}}},"./node_modules/style-loader/dist/runtime/styleTagTransform.js"(e){e.exports=function(e,o){if(o.styleSheet)o.styleSheet.cssText=e;else{for(;o.firstChild;)o.removeChild(o.firstChild);o.appendChild(document.createTextNode(e))}}},"./style/index.js"(e,o,t){var r=t("./node_modules/style-loader/dist/runtime/injectStylesIntoStyleTag.js"),n=t.n(r),i=t("./node_modules/style-loader/dist/runtime/styleDomAPI.js"),a=t.n(i),s=t("./node_modules/style-loader/dist/runtime/insertBySelector.js"),l=t.n(s),d=t("./node_modules/style-loader/dist/runtime/setAttributesWithoutAttributes.js"),c=t.n(d),u=t("./node_modules/style-loader/dist/runtime/insertStyleElement.js"),p=t.n(u),m=t("./node_modules/style-loader/dist/runtime/styleTagTransform.js"),f=t.n(m),v=t("./node_modules/css-loader/dist/cjs.js!./style/base.css"),y={};y.styleTagTransform=f(),y.setAttributes=c(),y.insert=l().bind(null,"head"),y.domAPI=a(),y.insertStyleElement=p(),n()(v.A,y),v.A&&v.A.locals&&v.A.locals}}]);