"use strict";(self.rspackChunkweeknotes=self.rspackChunkweeknotes||[]).push([[232],{475(e,o,r){var n=r(601),t=r.n(n),a=r(314),i=(r.n(a))()(t());i.push([e.id,`.wn-about {
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
`,""]),r.d(o,{},{A:i})},314(e){e.exports=function(e){var o=[];return o.toString=function(){return this.map(function(o){var r="",n=void 0!==o[5];return o[4]&&(r+="@supports (".concat(o[4],") {")),o[2]&&(r+="@media ".concat(o[2]," {")),n&&(r+="@layer".concat(o[5].length>0?" ".concat(o[5]):""," {")),r+=e(o),n&&(r+="}"),o[2]&&(r+="}"),o[4]&&(r+="}"),r}).join("")},o.i=function(e,r,n,t,a){"string"==typeof e&&(e=[[null,e,void 0]]);var i={};if(n)for(var l=0;l<this.length;l++){var c=this[l][0];null!=c&&(i[c]=!0)}for(var s=0;s<e.length;s++){var p=[].concat(e[s]);n&&i[p[0]]||(void 0!==a&&(void 0===p[5]||(p[1]="@layer".concat(p[5].length>0?" ".concat(p[5]):""," {").concat(p[1],"}")),p[5]=a),r&&(p[2]&&(p[1]="@media ".concat(p[2]," {").concat(p[1],"}")),p[2]=r),t&&(p[4]?(p[1]="@supports (".concat(p[4],") {").concat(p[1],"}"),p[4]=t):p[4]="".concat(t)),o.push(p))}},o}},601(e){e.exports=function(e){return e[1]}},72(e){var o=[];function r(e){for(var r=-1,n=0;n<o.length;n++)if(o[n].identifier===e){r=n;break}return r}function n(e,n){for(var t={},a=[],i=0;i<e.length;i++){var l=e[i],c=n.base?l[0]+n.base:l[0],s=t[c]||0,p="".concat(c," ").concat(s);t[c]=s+1;var d=r(p),u={css:l[1],media:l[2],sourceMap:l[3],supports:l[4],layer:l[5]};if(-1!==d)o[d].references++,o[d].updater(u);else{var m=function(e,o){var r=o.domAPI(o);return r.update(e),function(o){o?(o.css!==e.css||o.media!==e.media||o.sourceMap!==e.sourceMap||o.supports!==e.supports||o.layer!==e.layer)&&r.update(e=o):r.remove()}}(u,n);n.byIndex=i,o.splice(i,0,{identifier:p,updater:m,references:1})}a.push(p)}return a}e.exports=function(e,t){var a=n(e=e||[],t=t||{});return function(e){e=e||[];for(var i=0;i<a.length;i++){var l=r(a[i]);o[l].references--}for(var c=n(e,t),s=0;s<a.length;s++){var p=r(a[s]);0===o[p].references&&(o[p].updater(),o.splice(p,1))}a=c}}},659(e){var o={};e.exports=function(e,r){var n=function(e){if(void 0===o[e]){var r=document.querySelector(e);if(window.HTMLIFrameElement&&r instanceof window.HTMLIFrameElement)try{r=r.contentDocument.head}catch(e){r=null}o[e]=r}return o[e]}(e);if(!n)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");n.appendChild(r)}},540(e){e.exports=function(e){var o=document.createElement("style");return e.setAttributes(o,e.attributes),e.insert(o,e.options),o}},56(e,o,r){e.exports=function(e){var o=r.nc;o&&e.setAttribute("nonce",o)}},825(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var o=e.insertStyleElement(e);return{update:function(r){var n,t,a;n="",r.supports&&(n+="@supports (".concat(r.supports,") {")),r.media&&(n+="@media ".concat(r.media," {")),(t=void 0!==r.layer)&&(n+="@layer".concat(r.layer.length>0?" ".concat(r.layer):""," {")),n+=r.css,t&&(n+="}"),r.media&&(n+="}"),r.supports&&(n+="}"),(a=r.sourceMap)&&"u">typeof btoa&&(n+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(a))))," */")),e.styleTagTransform(n,o,e.options)},remove:function(){var e;null===(e=o).parentNode||e.parentNode.removeChild(e)}}}},113(e){e.exports=function(e,o){if(o.styleSheet)o.styleSheet.cssText=e;else{for(;o.firstChild;)o.removeChild(o.firstChild);o.appendChild(document.createTextNode(e))}}},579(e,o,r){var n=r(72),t=r.n(n),a=r(825),i=r.n(a),l=r(659),c=r.n(l),s=r(56),p=r.n(s),d=r(540),u=r.n(d),m=r(113),f=r.n(m),v=r(475),h={};h.styleTagTransform=f(),h.setAttributes=p(),h.insert=c().bind(null,"head"),h.domAPI=i(),h.insertStyleElement=u(),t()(v.A,h),v.A&&v.A.locals&&v.A.locals}}]);