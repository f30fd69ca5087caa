"use strict";(self.rspackChunkweeknotes=self.rspackChunkweeknotes||[]).push([[232],{475(e,t,o){var n=o(601),r=o.n(n),a=o(314),i=(o.n(a))()(r());i.push([e.id,`.wn-about {
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
`,""]),o.d(t,{},{A:i})},314(e){e.exports=function(e){var t=[];return t.toString=function(){return this.map(function(t){var o="",n=void 0!==t[5];return t[4]&&(o+="@supports (".concat(t[4],") {")),t[2]&&(o+="@media ".concat(t[2]," {")),n&&(o+="@layer".concat(t[5].length>0?" ".concat(t[5]):""," {")),o+=e(t),n&&(o+="}"),t[2]&&(o+="}"),t[4]&&(o+="}"),o}).join("")},t.i=function(e,o,n,r,a){"string"==typeof e&&(e=[[null,e,void 0]]);var i={};if(n)for(var c=0;c<this.length;c++){var l=this[c][0];null!=l&&(i[l]=!0)}for(var s=0;s<e.length;s++){var p=[].concat(e[s]);n&&i[p[0]]||(void 0!==a&&(void 0===p[5]||(p[1]="@layer".concat(p[5].length>0?" ".concat(p[5]):""," {").concat(p[1],"}")),p[5]=a),o&&(p[2]&&(p[1]="@media ".concat(p[2]," {").concat(p[1],"}")),p[2]=o),r&&(p[4]?(p[1]="@supports (".concat(p[4],") {").concat(p[1],"}"),p[4]=r):p[4]="".concat(r)),t.push(p))}},t}},601(e){e.exports=function(e){return e[1]}},72(e){var t=[];function o(e){for(var o=-1,n=0;n<t.length;n++)if(t[n].identifier===e){o=n;break}return o}function n(e,n){for(var r={},a=[],i=0;i<e.length;i++){var c=e[i],l=n.base?c[0]+n.base:c[0],s=r[l]||0,p="".concat(l," ").concat(s);r[l]=s+1;var u=o(p),d={css:c[1],media:c[2],sourceMap:c[3],supports:c[4],layer:c[5]};if(-1!==u)t[u].references++,t[u].updater(d);else{var m=function(e,t){var o=t.domAPI(t);return o.update(e),function(t){t?(t.css!==e.css||t.media!==e.media||t.sourceMap!==e.sourceMap||t.supports!==e.supports||t.layer!==e.layer)&&o.update(e=t):o.remove()}}(d,n);n.byIndex=i,t.splice(i,0,{identifier:p,updater:m,references:1})}a.push(p)}return a}e.exports=function(e,r){var a=n(e=e||[],r=r||{});return function(e){e=e||[];for(var i=0;i<a.length;i++){var c=o(a[i]);t[c].references--}for(var l=n(e,r),s=0;s<a.length;s++){var p=o(a[s]);0===t[p].references&&(t[p].updater(),t.splice(p,1))}a=l}}},659(e){var t={};e.exports=function(e,o){var n=function(e){if(void 0===t[e]){var o=document.querySelector(e);if(window.HTMLIFrameElement&&o instanceof window.HTMLIFrameElement)try{o=o.contentDocument.head}catch(e){o=null}t[e]=o}return t[e]}(e);if(!n)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");n.appendChild(o)}},540(e){e.exports=function(e){var t=document.createElement("style");return e.setAttributes(t,e.attributes),e.insert(t,e.options),t}},56(e,t,o){e.exports=function(e){var t=o.nc;t&&e.setAttribute("nonce",t)}},825(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var t=e.insertStyleElement(e);return{update:function(o){var n,r,a;n="",o.supports&&(n+="@supports (".concat(o.supports,") {")),o.media&&(n+="@media ".concat(o.media," {")),(r=void 0!==o.layer)&&(n+="@layer".concat(o.layer.length>0?" ".concat(o.layer):""," {")),n+=o.css,r&&(n+="}"),o.media&&(n+="}"),o.supports&&(n+="}"),(a=o.sourceMap)&&"u">typeof btoa&&(n+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(a))))," */")),e.styleTagTransform(n,t,e.options)},remove:function(){var e;null===(e=t).parentNode||e.parentNode.removeChild(e)}}}},113(e){e.exports=function(e,t){if(t.styleSheet)t.styleSheet.cssText=e;else{for(;t.firstChild;)t.removeChild(t.firstChild);t.appendChild(document.createTextNode(e))}}},579(e,t,o){var n=o(72),r=o.n(n),a=o(825),i=o.n(a),c=o(659),l=o.n(c),s=o(56),p=o.n(s),u=o(540),d=o.n(u),m=o(113),f=o.n(m),v=o(475),h={};h.styleTagTransform=f(),h.setAttributes=p(),h.insert=l().bind(null,"head"),h.domAPI=i(),h.insertStyleElement=d(),r()(v.A,h),v.A&&v.A.locals&&v.A.locals}}]);