"""The sections of the Compare page below its first screen: a file and a function each."""
