from gruviz.cells import ResetBeforeGRU, trace
