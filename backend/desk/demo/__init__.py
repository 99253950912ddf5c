"""The demo's facts and how they get into an empty database: places real, people invented.

`planting.plant()` is the way in. Modules hold one kind of facts each; what they share is in `Land`.
"""
