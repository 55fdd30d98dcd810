"""The style sheet of forms."""

from __future__ import annotations

STYLE = """.hedy-form{max-width:100%;overflow:hidden}
.hedy-form .hedy-invalid input,.hedy-form .hedy-invalid textarea{border-color:var(--jp-error-color1,#c62828);\
border-style:dashed}
.hedy-form .jupyter-button.mod-primary{background:#1257a8;color:#fff}
.hedy-form .jupyter-button.mod-danger{background:#b3261e;color:#fff}
.hedy-form .jupyter-button:disabled{opacity:.6}
.hedy-form .jupyter-button:focus-visible{outline:2px solid currentColor;outline-offset:2px}
.hedy-form .lm-TabBar-tab .lm-TabBar-tabLabel{color:var(--jp-ui-font-color0,inherit)}
.hedy-form .widget-textarea textarea{font-family:inherit}
.hedy-form .hedy-picker .widget-colorpicker-input{flex:0 0 2.2em;width:2.2em;min-width:0;\
border:1px solid var(--jp-border-color2,rgba(128,128,128,.5));\
border-radius:4px;background:conic-gradient(red,yellow,lime,aqua,blue,magenta,red)}
.hedy-picker input[type="color"]{opacity:0;visibility:hidden}
.hedy-picker:is(:hover,:focus-within) input[type="color"]{visibility:visible}
"""
"""A colour input can get no label from ipywidgets; it is there for the mouse alone, beside the text field."""
