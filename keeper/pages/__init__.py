"""Pages that need no network: one look for every report, in the light, in the dark and on a telephone.

A page is a value (`page.Page`): banners, cards and blocks. `page.render` makes it one HTML file. Colours
are named once (`palette`), figures are dressed once (`figures`), words are explained once (`glossary`).
"""
