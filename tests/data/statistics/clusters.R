# Reference values for tests/survey/test_clusters.py.
# R 4.2.2; geepack 1.3.9, clubSandwich 0.5.8 (Debian r-cran-*); the rest is matrix algebra as the
# papers write it, on the full n by n matrices. Run in this folder: Rscript clusters.R > clusters.csv
suppressMessages({library(geepack); library(clubSandwich)})
out <- function(name, value) {
  value <- as.vector(value)
  for (k in seq_along(value)) cat(sprintf("%s,%d,%.15g\n", name, k, value[k]))
}
cat("name,place,value\n")
# Respondents of twelve clusters in two waves: three clusters in the first wave only, seven in the
# last only, two in both. No random numbers: answers follow from the row.
cluster <- c(rep(1:5, c(14, 11, 9, 6, 5)), rep(4:12, c(7, 6, 5, 8, 4, 9, 3, 6, 7)))
wave <- rep(0:1, c(45, 55))
row <- seq_along(cluster)
d <- data.frame(
  cluster, wave,
  tick = as.numeric((row * 7 + cluster * 5) %% 11 < 3 + 2 * (cluster %% 3) + wave),
  scale = 1 + ((row * 3 + cluster * 4 + wave) %% 7 + cluster %% 2 * 2) %/% 2
)
d <- d[order(d$cluster), ]
d$ridit <- rank(d$scale) / nrow(d)
out("cluster", d$cluster); out("wave", d$wave); out("tick", d$tick); out("scale", d$scale)

root <- function(m) { e <- eigen(m, symmetric = TRUE); e$vectors %*% (e$values^-0.5 * t(e$vectors)) }
# Bias-reduced covariance of Bell and McCaffrey (2002) for a linear model with working covariance
# V, with the symmetric root, and Satterthwaite's degrees of freedom under that covariance.
cr2 <- function(y, X, groups, rho) {
  n <- length(y)
  V <- diag(1, n); V[outer(groups, groups, "==")] <- rho; diag(V) <- 1
  W <- solve(V); M <- solve(t(X) %*% W %*% X)
  H <- X %*% M %*% t(X) %*% W; e <- y - H %*% y
  S <- (diag(n) - H) %*% V %*% t(diag(n) - H)
  G <- sapply(unique(groups), function(g) {
    k <- groups == g
    half <- eigen(V[k, k], symmetric = TRUE)
    up <- half$vectors %*% (sqrt(half$values) * t(half$vectors)); down <- solve(up)
    A <- up %*% root(down %*% S[k, k] %*% down) %*% down
    out <- numeric(n); out[k] <- (M %*% t(X[k, ]) %*% W[k, k] %*% A)[2, ]; out
  })
  P <- t(G) %*% S %*% G
  c(sqrt(sum((t(G) %*% e)^2)), sum(diag(P))^2 / sum(P^2))
}
for (name in c("tick", "ridit")) {
  d$y <- d[[name]]
  fit <- geeglm(y ~ wave, id = cluster, data = d, corstr = "exchangeable",
                control = geese.control(epsilon = 1e-12, maxit = 200))
  rho <- fit$geese$alpha
  out(paste0(name, "_estimate"), coef(fit)); out(paste0(name, "_rho"), rho)
  out(paste0(name, "_sandwich_se"), sqrt(diag(vcov(fit))))
  out(paste0(name, "_cr2"), cr2(d$y, cbind(1, d$wave), d$cluster, rho))
  plain <- lm(y ~ wave, data = d)
  test <- coef_test(plain, vcov = "CR2", cluster = d$cluster, test = "Satterthwaite")
  out(paste0(name, "_plain"), c(test$beta[2], test$SE[2], test$df[2], test$p_Satt[2]))
  out(paste0(name, "_plain_here"), cr2(d$y, cbind(1, d$wave), d$cluster, 0))
}
