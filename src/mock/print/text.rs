//! Words that many printers use: ages, durations, lists of labels.
