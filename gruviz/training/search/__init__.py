"""The search for each cell's best settings, on Optuna: `python -m gruviz.training.search TASK`.

Every cell has the same space, the same number of trials and the same budget. A trial trains on the training part and is
judged on the validation part; the test part is used once, when `--finish` trains what was chosen from five seeds.
"""
