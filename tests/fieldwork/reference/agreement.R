# Reference values for tests/fieldwork/test_agreement_reference.py: writes agreement.json beside it.
#
#   Rscript tests/fieldwork/reference/agreement.R
#
# Packages: psych, psy, vcd and jsonlite (Debian: r-cran-psych, r-cran-psy, r-cran-vcd,
# r-cran-jsonlite) and irr (CRAN). The tests read the JSON and never need R.
# Units are rows and coders are columns; NA is a unit that a coder did not see.

suppressMessages({
  library(irr)
  library(vcd)
})

units_by_coders <- function(...) cbind(...)

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: sections A, B and C/E.
two_binary <- units_by_coders(
  c(0, 1, 0, 0, 0, 0, 0, 0, 1, 0),
  c(1, 1, 1, 0, 0, 1, 0, 0, 0, 0)
)
ben_gerry <- units_by_coders(
  c(1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1),
  c(2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4)
)
four_observers <- units_by_coders(
  c(1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA),
  c(1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3),
  c(NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA),
  c(1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA)
)

# Data sets "anxiety" and "diagnoses" (Fleiss 1971) of irr.
anxiety <- matrix(c(
  3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3,
  3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4,
  2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2
), ncol = 3)
diagnoses <- matrix(c(
  4, 4, 4, 4, 4, 4, 2, 2, 2, 5, 5, 5, 2, 3, 3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 2, 2, 2, 4, 4, 4,
  1, 1, 3, 3, 3, 3, 3, 3, 3, 3, 5, 5, 1, 1, 3, 3, 3, 4, 1, 1, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5,
  1, 4, 4, 4, 4, 4, 1, 2, 4, 4, 4, 4, 2, 2, 2, 3, 3, 3, 1, 4, 4, 4, 4, 4, 2, 2, 4, 4, 4, 5,
  3, 3, 3, 3, 3, 5, 1, 1, 1, 4, 5, 5, 1, 1, 1, 1, 1, 2, 2, 2, 4, 4, 4, 4, 1, 3, 3, 5, 5, 5,
  5, 5, 5, 5, 5, 5, 2, 4, 4, 4, 4, 4, 2, 2, 4, 5, 5, 5, 1, 1, 4, 4, 4, 4, 1, 4, 4, 4, 4, 5,
  2, 2, 2, 2, 2, 4, 1, 1, 1, 1, 5, 5, 2, 2, 4, 4, 4, 4, 1, 3, 3, 3, 3, 3, 5, 5, 5, 5, 5, 5
), ncol = 6, byrow = TRUE)

# Data set "vision" of irr (Stuart 1953: 7477 women, right and left eye), taken from vcd.
women <- subset(vcd::VisualAcuity, gender == "female")
vision_table <- xtabs(Freq ~ right + left, data = women)
vision <- apply(women[rep(seq_len(nrow(women)), women$Freq), c("right", "left")], 2, as.numeric)

# Cohen (1960), A Coefficient of Agreement for Nominal Scales, table 2.
cohen_table <- matrix(c(88, 14, 18, 10, 40, 10, 2, 6, 12), ncol = 3, byrow = TRUE)

# irr::kripp.alpha divides the pairs of a unit by its number of coders less one only when some
# rating is missing; with three or more coders and nothing missing its alpha is not Krippendorff's
# (anxiety: -0.0324 instead of -0.0237, the value of the Python package krippendorff 0.9.0). A
# unit that nobody judged adds nothing to alpha and makes irr divide.
levels_of_alpha <- c("nominal", "ordinal", "interval", "ratio")
alphas <- function(ratings) {
  sapply(levels_of_alpha, function(level) irr::kripp.alpha(cbind(t(ratings), NA), level)$value)
}
kappa_three_ways <- function(table) {
  c(
    psych = psych::cohen.kappa(table)$kappa,
    vcd = unname(vcd::Kappa(table)$Unweighted["value"])
  )
}

reference <- list(
  r = R.version.string,
  packages = list(
    psych = as.character(packageVersion("psych")),
    psy = as.character(packageVersion("psy")),
    vcd = as.character(packageVersion("vcd")),
    irr = "kappa2, kappam.fleiss, kappam.light and kripp.alpha from the sources on CRAN"
  ),
  two_binary = list(ratings = two_binary, alpha = as.list(alphas(two_binary))),
  ben_gerry = list(ratings = ben_gerry, alpha = as.list(alphas(ben_gerry))),
  four_observers = list(ratings = four_observers, alpha = as.list(alphas(four_observers))),
  anxiety = list(
    ratings = anxiety,
    alpha = as.list(alphas(anxiety)),
    kappa_pairs = list(
      irr::kappa2(anxiety[, c(1, 2)])$value,
      irr::kappa2(anxiety[, c(1, 3)])$value,
      irr::kappa2(anxiety[, c(2, 3)])$value
    ),
    kappa_light = irr::kappam.light(anxiety)$value,
    kappa_light_psy = psy::lkappa(anxiety),
    kappa_fleiss = irr::kappam.fleiss(anxiety)$value
  ),
  diagnoses = list(
    ratings = diagnoses,
    alpha = as.list(alphas(diagnoses)),
    kappa_light = irr::kappam.light(diagnoses)$value,
    kappa_fleiss = irr::kappam.fleiss(diagnoses)$value
  ),
  vision = list(
    table = unclass(vision_table),
    kappa_irr = irr::kappa2(vision)$value,
    kappa = as.list(kappa_three_ways(vision_table)),
    alpha = as.list(alphas(vision))
  ),
  cohen_1960 = list(table = cohen_table, kappa = as.list(kappa_three_ways(cohen_table)))
)

place <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1]))
text <- jsonlite::toJSON(reference, digits = 15, auto_unbox = TRUE, na = "null")
text <- gsub("},\"", "},\n\"", text, fixed = TRUE)
writeLines(text, file.path(place, "agreement.json"))
