# Turns docs/diagnostics/KMnnnn.md into the table of pages that `kmodel explain` prints (src/explain.h).
BEGIN { print "#include \"explain.h\"\n\nconst ExplainPage explain_pages[] = {" }
FNR == 1 {
    if (NR > 1) print "\"},"
    name = FILENAME; sub(/.*\//, "", name); sub(/\.md$/, "", name)
    printf "    {\"%s\",\n     \"", name
}
{ gsub(/\\/, "&&"); gsub(/"/, "\\\""); printf "%s\\n\"\n     \"", $0 }
END { if (NR > 0) print "\"},"; print "};\nconst size_t explain_npages = sizeof explain_pages / sizeof *explain_pages;" }
