// SPDX-License-Identifier: BSD-3-Clause
// The preconditioner of the bordered matrix: exact where it can be, symmetric, and as good on large
// grids as on small ones.
#include <gtest/gtest.h>

#include "bordered_case.hpp"
#include "petsc_environment.hpp"

namespace glebe {
namespace {

struct Outcome {
  PetscInt iterations;
  double error; ///< of the solution, relative
};

/// Conjugate gradients with the bordered preconditioner.
class Solver {
public:
  Solver(const Ranks& ranks, Mat H, double tolerance) : ranks_(ranks), H_(H) {
    GLEBE_PETSC(KSPCreate(ranks.comm(), ksp_.address()));
    GLEBE_PETSC(KSPSetType(ksp_.handle(), KSPCG));
    GLEBE_PETSC(KSPSetTolerances(ksp_.handle(), tolerance, 0.0, PETSC_DEFAULT, 500));
    GLEBE_PETSC(KSPSetOperators(ksp_.handle(), H, H));
    set_bordered_preconditioner(ksp_.handle());
  }

  /// Solves for a known solution.
  Outcome solve() {
    PetscInt n_local = 0, n = 0;
    GLEBE_PETSC(MatGetLocalSize(H_, &n_local, nullptr));
    GLEBE_PETSC(MatGetSize(H_, &n, nullptr));
    Vector truth = make_vector(ranks_.comm(), n_local), b = make_vector(ranks_.comm(), n_local),
           x = make_vector(ranks_.comm(), n_local);
    set(truth.handle(), made_up_values(static_cast<std::size_t>(n), 5));
    GLEBE_PETSC(MatMult(H_, truth.handle(), b.handle()));
    GLEBE_PETSC(KSPSolve(ksp_.handle(), b.handle(), x.handle()));
    Outcome outcome{};
    KSPConvergedReason reason{};
    GLEBE_PETSC(KSPGetIterationNumber(ksp_.handle(), &outcome.iterations));
    GLEBE_PETSC(KSPGetConvergedReason(ksp_.handle(), &reason));
    EXPECT_GT(reason, 0);
    PetscReal norm = 0.0, error = 0.0;
    GLEBE_PETSC(VecNorm(truth.handle(), NORM_2, &norm));
    GLEBE_PETSC(VecAXPY(x.handle(), -1.0, truth.handle()));
    GLEBE_PETSC(VecNorm(x.handle(), NORM_2, &error));
    outcome.error = error / norm;
    return outcome;
  }

private:
  const Ranks& ranks_;
  Mat H_;
  PetscOwner<KSP, KSPDestroy> ksp_;
};

Matrix free_block(BorderedProblem& problem, std::size_t one_held_in) {
  Rows rows;
  for (std::size_t i = 0; i < problem.size(); ++i)
    if (one_held_in == 0 || (i * 7 + i / 5) % one_held_in != 0) rows.push_back(i);
  const IndexSet free = index_set(problem.ranks(), problem.handle(), rows);
  Matrix block;
  GLEBE_PETSC(MatCreateSubMatrix(problem.handle(), free.handle(), free.handle(), MAT_INITIAL_MATRIX,
                                 block.address()));
  return block;
}

// Blocks by column and the Schur complement are the whole inverse.
TEST(BorderedPreconditioner, is_exact_without_couplings) {
  BorderedProblem problem({.name = "",
                           .n_y = 9,
                           .n_x = 11,
                           .per_column = 3,
                           .n_shared = 4,
                           .coupled = false,
                           .strength = 100.0,
                           .weakest = 0.01});
  for (const std::size_t one_held_in : {0, 3}) {
    const Matrix block = free_block(problem, one_held_in);
    const Outcome outcome = Solver(problem.ranks(), block.handle(), 1e-12).solve();
    EXPECT_LE(outcome.iterations, 3);
    EXPECT_LT(outcome.error, 1e-9);
  }
}

TEST(BorderedPreconditioner, follows_a_refilled_matrix) {
  BorderedProblem problem({.name = "", .coupled = false, .strength = 1.0});
  Solver solver(problem.ranks(), problem.handle(), 1e-12);
  EXPECT_LE(solver.solve().iterations, 3);
  problem.fill(100.0);
  EXPECT_LE(solver.solve().iterations, 3);
  GLEBE_PETSC(MatShift(problem.handle(), 50.0));
  EXPECT_LE(solver.solve().iterations, 3);
}

// With a Matern prior, many columns or few, all observed or some, all controls free or not: the
// number of iterations does not grow with the number of columns.
TEST(BorderedPreconditioner, iterations_do_not_grow_with_the_grid) {
  for (const std::size_t every : {1, 33})
    for (const std::size_t one_held_in : {0, 4}) {
      PetscInt small = 0;
      for (const std::size_t n : {16, 48}) {
        BorderedProblem problem({.name = "",
                                 .n_y = n,
                                 .n_x = n,
                                 .per_column = 2,
                                 .n_shared = 3,
                                 .every = every,
                                 .strength = 300.0,
                                 .prior_std = 0.2,
                                 .correlation = 8.0,
                                 .weakest = 0.01});
        const Matrix block = free_block(problem, one_held_in);
        const Outcome outcome = Solver(problem.ranks(), block.handle(), 1e-8).solve();
        EXPECT_LT(outcome.error, 1e-4);
        EXPECT_LE(outcome.iterations, 60) << n << ", " << every << ", " << one_held_in;
        if (n == 16)
          small = outcome.iterations;
        else
          EXPECT_LE(outcome.iterations, small + small / 2 + 3) << every << ", " << one_held_in;
      }
    }
}

// What conjugate gradients need of it.
TEST(BorderedPreconditioner, is_symmetric_and_positive) {
  BorderedProblem problem({.name = "", .n_y = 13, .n_x = 10, .every = 5, .strength = 100.0});
  const Matrix block = free_block(problem, 3);
  PetscInt n_local = 0, n = 0;
  GLEBE_PETSC(MatGetLocalSize(block.handle(), &n_local, nullptr));
  GLEBE_PETSC(MatGetSize(block.handle(), &n, nullptr));
  const MPI_Comm comm = problem.ranks().comm();
  PetscOwner<KSP, KSPDestroy> ksp;
  GLEBE_PETSC(KSPCreate(comm, ksp.address()));
  GLEBE_PETSC(KSPSetOperators(ksp.handle(), block.handle(), block.handle()));
  set_bordered_preconditioner(ksp.handle());
  PC pc = nullptr;
  GLEBE_PETSC(KSPGetPC(ksp.handle(), &pc));
  GLEBE_PETSC(PCSetUp(pc));
  Vector a = make_vector(comm, n_local), b = make_vector(comm, n_local),
         Pa = make_vector(comm, n_local), Pb = make_vector(comm, n_local);
  for (std::size_t trial = 0; trial < 5; ++trial) {
    set(a.handle(), made_up_values(static_cast<std::size_t>(n), 10 + trial));
    set(b.handle(), made_up_values(static_cast<std::size_t>(n), 20 + trial));
    GLEBE_PETSC(PCApply(pc, a.handle(), Pa.handle()));
    GLEBE_PETSC(PCApply(pc, b.handle(), Pb.handle()));
    PetscScalar aPb = 0.0, bPa = 0.0, aPa = 0.0, bPb = 0.0;
    GLEBE_PETSC(VecDot(a.handle(), Pb.handle(), &aPb));
    GLEBE_PETSC(VecDot(b.handle(), Pa.handle(), &bPa));
    GLEBE_PETSC(VecDot(a.handle(), Pa.handle(), &aPa));
    GLEBE_PETSC(VecDot(b.handle(), Pb.handle(), &bPb));
    EXPECT_GT(aPa, 0.0);
    EXPECT_NEAR(aPb, bPa, 1e-11 * std::sqrt(aPa * bPb));
  }
}

} // namespace
} // namespace glebe
