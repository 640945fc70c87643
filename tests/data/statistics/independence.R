# Reference values for tests/survey/test_independence.py and test_homogeneity.py.
# R 4.2.2 with base packages only. Run in this folder: Rscript independence.R > independence.csv
# The formulas are written out from the articles, over all 2^J patterns of answers, which is
# another road than the code under test takes.
out <- function(name, value) {
  value <- as.vector(value)
  for (k in seq_along(value))
    cat(sprintf("%s,%d,%.15g\n", name, k, value[k]))
}
farmer <- read.csv("mrcv_farmer2.csv")
n <- nrow(farmer)
cat("name,place,value\n")

pearson <- function(counts) {
  counts[counts == 0] <- 0.5
  suppressWarnings(unname(chisq.test(counts, correct = FALSE)$statistic))
}

# MMI (Bilder, Loughin and Nettleton 2000, appendix): groups by the number of waste tests.
mmi <- function(group, answers) {
  J <- ncol(answers); r <- nlevels(group)
  parts <- sapply(answers, function(y) pearson(table(group, y)))
  pattern <- do.call(expand.grid, rep(list(0:1), J))
  key <- function(d) apply(d, 1, paste, collapse = "")
  G <- t(as.matrix(pattern))
  a <- as.vector(table(group)) / n
  pooled <- colMeans(answers)
  V <- matrix(0, r * J, r * J)
  for (g in seq_len(r)) {
    own <- answers[group == levels(group)[g], ]
    tau <- as.vector(table(factor(key(own), levels = key(pattern)))) / nrow(own)
    block <- G %*% (diag(tau) - tcrossprod(tau)) %*% t(G) / a[g]
    at <- (g - 1) * J + seq_len(J)
    V[at, at] <- block
  }
  H <- diag(r * J) - kronecker(matrix(1, r, 1) %*% t(a), diag(J))
  D <- kronecker(diag(1 / a), diag(pooled * (1 - pooled)))
  lambda <- Re(eigen(solve(D) %*% H %*% V %*% t(H))$values)
  terms <- (r - 1) * J
  corrected <- terms * sum(parts) / sum(lambda^2)
  df <- terms^2 / sum(lambda^2)
  list(parts = parts, corrected = corrected, df = df,
       p = pchisq(corrected, df, lower.tail = FALSE),
       bonferroni = min(1, J * min(pchisq(parts, r - 1, lower.tail = FALSE))))
}
found <- mmi(factor(rowSums(farmer[, 1:3]) > 0), farmer[, 4:7])
for (name in names(found)) out(paste0("mmi2_", name), found[[name]])
found <- mmi(factor(pmin(rowSums(farmer[, 1:3]), 2)), farmer[, 4:7])
for (name in names(found)) out(paste0("mmi3_", name), found[[name]])

# Marginal homogeneity (Klingenberg and Agresti 2006): w1-w3 against y1-y3 of the same people.
before <- as.matrix(farmer[, 1:3]); after <- as.matrix(farmer[, 4:6])
d <- after - before
parts <- sapply(1:3, function(j)
  unname(mcnemar.test(table(before[, j], after[, j]), correct = FALSE)$statistic))
S <- crossprod(d)
lambda <- eigen(cov2cor(S))$values
corrected <- 3 * sum(parts) / sum(lambda^2)
df <- 9 / sum(lambda^2)
out("smh_parts", parts)
out("smh_corrected", corrected)
out("smh_df", df)
out("smh_p", pchisq(corrected, df, lower.tail = FALSE))
out("smh_exact", sapply(1:3, function(j)
  binom.test(sum(d[, j] == 1), sum(d[, j] != 0))$p.value))

# Multiplicity and detectable differences.
p <- c(0.001, 0.04, 0.03, 0.2, 0.008, 0.7, 0.04)
for (m in c("holm", "BH", "bonferroni")) out(paste0("adjust_", m), p.adjust(p, m))
for (n1 in c(30, 75, 147)) for (p1 in c(0.1, 0.35, 0.5))
  out(sprintf("power_%d_%g", n1, p1),
      power.prop.test(n = n1, p1 = p1, power = 0.8, tol = 1e-12)$p2 - p1)

# Two waves: the score test of two shares.
for (k in list(c(96, 125, 62, 74), c(5, 146, 9, 74), c(0, 40, 3, 30)))
  out(sprintf("prop_%d_%d", k[1], k[3]),
      suppressWarnings(prop.test(k[c(1, 3)], k[c(2, 4)], correct = FALSE)$p.value))
