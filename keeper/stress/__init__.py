"""How bad a jump could be, and what it would cost LPs: one book through many days that might come.

`book` is what stands, `worlds` where days come from (SVCJ, the record shuffled), `days` what a day costs
with a keeper and without, `tails` what that comes to, `gate` how large a book one gate carries. What a
jump costs is `tandem.model.jumps`, what a model of jumps is `tandem.model.svcj`.
"""
