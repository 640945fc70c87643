# Reference values for tests/survey/test_design_estimates.py and test_representation.py.
# R 4.2.2, package survey 4.1.1 (Debian r-cran-survey).
# Run in this folder: Rscript weighting.R > weighting.csv
suppressMessages(library(survey))
out <- function(name, value) {
  value <- as.vector(value)
  for (k in seq_along(value)) cat(sprintf("%s,%d,%.15g\n", name, k, value[k]))
}
cat("name,place,value\n")
# The respondents: the farmer data (see mrcv_farmer2.json), put in groups by their row.
farmer <- read.csv("mrcv_farmer2.csv")
d <- farmer[seq(1, 279, by = 3), 4:7]
row <- seq_len(nrow(d)) - 1
d$cop <- c("a", "b", "c")[1 + (row %% 7 >= 3) + (row %% 7 >= 5)]
d$role <- c("m", "v")[1 + (row %% 5 >= 3)]
cops <- data.frame(cop = c("a", "b", "c"), Freq = c(60, 70, 50))
roles <- data.frame(role = c("m", "v"), Freq = c(80, 100))
d$N <- 180; d$w <- 180 / nrow(d)
plain <- svydesign(ids = ~1, weights = ~w, fpc = ~N, data = d)
y <- ~ y1 + y2 + y3 + y4
report <- function(name, design) {
  m <- svymean(y, design)
  out(paste0(name, "_share"), coef(m)); out(paste0(name, "_se"), SE(m))
  for (v in c("y1", "y2"))
    out(paste0(name, "_logit_", v),
        attr(svyciprop(as.formula(paste("~", v)), design, method = "logit"), "ci"))
}
report("post", postStratify(plain, ~cop, cops))
report("rake", rake(plain, list(~cop, ~role), list(cops, roles),
                    control = list(epsilon = 1e-12, maxit = 1000)))
# A sample per group; the last has one respondent, the second more answers than members (no fpc).
options(survey.lonely.psu = "adjust")
s <- rbind(d[d$cop != "c", ], d[d$cop == "c", ][1, ])
N <- c(a = 60, b = 20, c = 50)
s$w <- N[s$cop] / as.vector(table(s$cop)[s$cop])
s$N <- c(a = 60, b = 1e12, c = 50)[s$cop]
report("strata", svydesign(ids = ~1, strata = ~cop, weights = ~w, fpc = ~N, data = s))
out("sizes", c(table(d$cop), table(s$cop)))

# Goodness of fit of respondents to members.
set.seed(1)
fit <- chisq.test(c(20, 5, 9), p = c(30, 30, 40) / 100, simulate.p.value = TRUE, B = 1e6)
out("fit_statistic", fit$statistic); out("fit_p", fit$p.value)
