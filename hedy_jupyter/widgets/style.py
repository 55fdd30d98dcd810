"""The style sheets of forms, and of the browser of meetings."""

from __future__ import annotations

STYLE = """.hedy-form{width:100%;max-width:100%;overflow:hidden;container:hedy/inline-size}
.hedy-form .hedy-invalid input,.hedy-form .hedy-invalid textarea{border-color:var(--jp-error-color1,#c62828);\
border-style:dashed}
.hedy-form .jupyter-button.mod-primary{background:#1257a8;color:#fff}
.hedy-form .jupyter-button.mod-danger{background:#b3261e;color:#fff}
.hedy-form .jupyter-button:disabled{opacity:.6}
.hedy-form .jupyter-button:focus-visible{outline:2px solid currentColor;outline-offset:2px}
.hedy-form .lm-TabBar-tab .lm-TabBar-tabLabel{color:var(--jp-ui-font-color0,inherit)}
.hedy-form .widget-textarea textarea{font-family:inherit}
.hedy-form .widget-box:empty{display:none}
.hedy-form .hedy-step{order:1;flex:1 1 24em;margin-left:.5em}
.hedy-form .hedy-step:not(:focus-within) input{background:transparent}
@container hedy (max-width:48em){
.hedy-form .hedy-beside{margin-left:7.5em}
.hedy-form .hedy-step{margin-left:0}
.hedy-form .hedy-step .hedy-beside{margin-left:2px}
}
.hedy-form .hedy-picker .widget-colorpicker-input{flex:0 0 2.2em;width:2.2em;min-width:0;\
border:1px solid var(--jp-border-color2,rgba(128,128,128,.5));\
border-radius:4px;background:conic-gradient(red,yellow,lime,aqua,blue,magenta,red)}
.hedy-picker input[type="color"]{opacity:0;visibility:hidden}
.hedy-picker:is(:hover,:focus-within) input[type="color"]{visibility:visible}
"""
"""A colour input can get no label from ipywidgets; it is there for the mouse alone, beside the text field."""

BROWSER_STYLE = """.hedy-form.hedy-browser{overflow:visible;max-width:64em}
.hedy-browser .widget-box,.hedy-browser .hedy-long,.hedy-browser .hedy-scroll{overflow:visible;max-height:none}
.hedy-browser .hedy-card,.hedy-browser .hedy-card.hedy-wide{max-width:none;width:auto}
.hedy-browser .hedy-pick{text-align:left;flex:0 1 22em;min-width:min(14em,100%)}
.hedy-browser .hedy-info{flex:1 1 18em;min-width:0}
.hedy-browser .hedy-info .widget-html-content,.hedy-browser .hedy-info p{line-height:1.5;margin:0;\
overflow-wrap:anywhere}
.hedy-browser .hedy-muted{opacity:.75}
.hedy-browser .hedy-dot{display:inline-block;width:.7em;height:.7em;border-radius:50%;\
border:1px solid rgba(128,128,128,.6);margin:0 .4em 0 0}
.hedy-browser mark{background:none;color:inherit;font-weight:700;text-decoration:underline}
"""
