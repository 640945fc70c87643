# Reference values for tests/survey/test_ordinal.py and test_proportional_odds.py.
# R 4.2.2; MASS 7.3.58.2, ordinal 2022.11.16, coin 1.4.2, sandwich 3.0.2 (Debian r-cran-*).
# Run in this folder: Rscript ordinal.R > ordinal.csv
suppressMessages({library(ordinal); library(coin); library(sandwich)})
out <- function(name, value) {
  value <- as.vector(value)
  for (k in seq_along(value)) cat(sprintf("%s,%d,%.15g\n", name, k, value[k]))
}
cat("name,place,value\n")
# A scale of five by three groups, and by two; respondents go to clusters by their row.
counts <- rbind(g1 = c(12, 20, 9, 6, 3), g2 = c(6, 16, 14, 9, 5), g3 = c(4, 9, 12, 14, 8))
expand <- function(counts) {
  d <- do.call(rbind, lapply(seq_len(nrow(counts)), function(g)
    data.frame(group = rownames(counts)[g], value = rep(seq_len(ncol(counts)), counts[g, ]))))
  d$group <- factor(d$group)
  d$scale <- ordered(d$value)
  d$cluster <- ((seq_len(nrow(d)) - 1) %/% 4) %% 11
  d
}
three <- expand(counts); two <- expand(counts[c(1, 3), ])
h <- kruskal.test(value ~ group, three)
out("kw_statistic", h$statistic); out("kw_p", h$p.value)
c3 <- kruskal_test(value ~ group, three)
out("coin_kw_statistic", statistic(c3)); out("coin_kw_p", pvalue(c3))
w <- wilcox.test(value ~ group, two, exact = FALSE, correct = FALSE)
out("mw_p", w$p.value)
out("mw_superiority", 1 - w$statistic / prod(table(two$group)))
c2 <- wilcox_test(value ~ group, two)
out("coin_mw_z", statistic(c2)); out("coin_mw_p", pvalue(c2))

control <- clm.control(gradTol = 1e-10)
for (name in c("three", "two")) {
  d <- get(name)
  fit <- clm(scale ~ group, data = d, control = control)
  k <- nlevels(d$scale) - 1
  table <- coef(summary(fit))[-seq_len(k), , drop = FALSE]
  out(paste0("clm_", name, "_estimate"), table[, 1])
  out(paste0("clm_", name, "_se"), table[, 2])
  out(paste0("clm_", name, "_p"), table[, 4])
  out(paste0("polr_", name, "_estimate"), coef(MASS::polr(scale ~ group, data = d)))
  # what nominal_test(fit) does, written out because it does not find d inside a loop
  free <- clm(scale ~ 1, nominal = ~ group, data = d, control = control)
  lack <- 2 * as.numeric(logLik(free) - logLik(fit))
  df <- attr(logLik(free), "df") - attr(logLik(fit), "df")
  out(paste0("nominal_", name, "_statistic"), lack)
  out(paste0("nominal_", name, "_df"), df)
  out(paste0("nominal_", name, "_p"), pchisq(lack, df, lower.tail = FALSE))
  robust <- vcovCL(fit, cluster = d$cluster, type = "HC0", cadjust = TRUE)
  out(paste0("robust_", name, "_se"), sqrt(diag(robust))[-seq_len(k)])
}
