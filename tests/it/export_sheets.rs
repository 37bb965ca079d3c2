//! What a package becomes as sheets: read back with calamine and csv, which know nothing of ours.

