// SPDX-License-Identifier: BSD-3-Clause
// The bordered matrix against the same matrix filled densely, by itself and in TAO's hands.
#include "glebe/base/error.hpp"

#include <gtest/gtest.h>

#include "bordered_case.hpp"
#include "petsc_environment.hpp"

namespace glebe {
namespace {

Rows all_rows(std::size_t n) {
  Rows rows;
  for (std::size_t i = 0; i < n; ++i) rows.push_back(i);
  return rows;
}

// Rounding of sums of some ten terms of the size of the largest.
void expect_close(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  double scale = 0.0;
  for (const double value : expected) scale = std::max(scale, std::abs(value));
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_NEAR(found[i], expected[i], 1e-13 * scale) << i;
}

/// Products with and diagonal of `H` against those of the rows and columns `rows` of `dense`.
void expect_matrix(const Ranks& ranks, Mat H, const DenseMatrix& dense, const Rows& rows,
                   double shift = 0.0) {
  PetscInt n_local = 0;
  GLEBE_PETSC(MatGetLocalSize(H, &n_local, nullptr));
  Vector x = make_vector(ranks.comm(), n_local), y = make_vector(ranks.comm(), n_local);
  const std::vector<double> values = made_up_values(rows.size(), 1);
  set(x.handle(), values);
  std::vector<double> product, diagonal;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    product.push_back(shift * values[i]);
    for (std::size_t j = 0; j < rows.size(); ++j)
      product.back() += dense(Eigen::Index(rows[i]), Eigen::Index(rows[j])) * values[j];
    diagonal.push_back(dense(Eigen::Index(rows[i]), Eigen::Index(rows[i])) + shift);
  }
  GLEBE_PETSC(MatMult(H, x.handle(), y.handle()));
  expect_close(all(ranks, y.handle()), product);
  GLEBE_PETSC(MatMultTranspose(H, x.handle(), y.handle()));
  expect_close(all(ranks, y.handle()), product);
  GLEBE_PETSC(MatGetDiagonal(H, y.handle()));
  expect_close(all(ranks, y.handle()), diagonal);
}

class Bordered : public testing::TestWithParam<BorderedCase> {};

TEST_P(Bordered, multiplies_as_the_dense_matrix) {
  BorderedProblem problem(GetParam());
  expect_matrix(problem.ranks(), problem.handle(), problem.dense(), all_rows(problem.size()));
}

TEST_P(Bordered, blocks_are_those_of_the_dense_matrix) {
  BorderedProblem problem(GetParam());
  const DenseMatrix dense = problem.dense();
  for (const std::size_t held : {0, 1, 2}) {
    Rows rows;
    for (std::size_t i = 0; i < problem.size(); ++i)
      if (i % 3 != held) rows.push_back(i);
    const IndexSet free = index_set(problem.ranks(), problem.handle(), rows);
    Matrix block;
    GLEBE_PETSC(MatCreateSubMatrix(problem.handle(), free.handle(), free.handle(),
                                   MAT_INITIAL_MATRIX, block.address()));
    expect_matrix(problem.ranks(), block.handle(), dense, rows);
    GLEBE_PETSC(MatShift(block.handle(), 2.5));
    expect_matrix(problem.ranks(), block.handle(), dense, rows, 2.5);

    // A block of the block, in its own numbers.
    Rows numbers, inner_rows;
    for (std::size_t i = 0; i < rows.size(); i += 2) {
      numbers.push_back(i);
      inner_rows.push_back(rows[i]);
    }
    const IndexSet inner_free = index_set(problem.ranks(), block.handle(), numbers);
    Matrix inner;
    GLEBE_PETSC(MatCreateSubMatrix(block.handle(), inner_free.handle(), inner_free.handle(),
                                   MAT_INITIAL_MATRIX, inner.address()));
    expect_matrix(problem.ranks(), inner.handle(), dense, inner_rows, 2.5);
  }
  expect_matrix(problem.ranks(), problem.handle(), dense, all_rows(problem.size()));
}

TEST_P(Bordered, refills_forget_the_shift_and_reach_blocks_but_not_copies) {
  BorderedProblem problem(GetParam());
  const Rows rows = all_rows(problem.size());
  GLEBE_PETSC(MatShift(problem.handle(), 0.75));
  expect_matrix(problem.ranks(), problem.handle(), problem.dense(), rows, 0.75);
  Matrix copy;
  GLEBE_PETSC(MatDuplicate(problem.handle(), MAT_COPY_VALUES, copy.address()));
  Rows even;
  for (std::size_t i = 0; i < problem.size(); i += 2) even.push_back(i);
  const IndexSet free = index_set(problem.ranks(), problem.handle(), even);
  Matrix block;
  GLEBE_PETSC(MatCreateSubMatrix(problem.handle(), free.handle(), free.handle(), MAT_INITIAL_MATRIX,
                                 block.address()));
  problem.fill(2.0);
  expect_matrix(problem.ranks(), problem.handle(), problem.dense(2.0), rows);
  expect_matrix(problem.ranks(), block.handle(), problem.dense(2.0), even, 0.75);
  expect_matrix(problem.ranks(), copy.handle(), problem.dense(), rows, 0.75);
}

// ---- In TAO's hands -----------------------------------------------------------------------------

/// min 1/2 x^T H x - b^T x with 0 <= x <= 1.
struct Quadratic {
  Mat H;
  Vec b;
  int hessians = 0;
};

PetscErrorCode cost_and_gradient(Tao, Vec x, PetscReal* cost, Vec g, void* context) {
  const auto& self = *static_cast<Quadratic*>(context);
  PetscScalar xHx = 0.0, bx = 0.0;
  PetscCall(MatMult(self.H, x, g));
  PetscCall(VecDot(x, g, &xHx));
  PetscCall(VecDot(x, self.b, &bx));
  PetscCall(VecAXPY(g, -1.0, self.b));
  *cost = 0.5 * xHx - bx;
  return 0;
}

// By coordinates, each at its minimum within the bounds, until nothing moves: sure to converge for
// a positive definite matrix, and unlike any Newton method.
std::vector<double> by_coordinates(const DenseMatrix& H, const DenseVector& b) {
  DenseVector x = DenseVector::Constant(b.size(), 0.5);
  double moved = 1.0;
  for (int sweep = 0; sweep < 200000 && moved > 1e-15; ++sweep) {
    moved = 0.0;
    for (Eigen::Index i = 0; i < b.size(); ++i) {
      const double slope = H.row(i).dot(x) - b[i];
      const double next = std::clamp(x[i] - slope / H(i, i), 0.0, 1.0);
      moved = std::max(moved, std::abs(next - x[i]));
      x[i] = next;
    }
  }
  EXPECT_LE(moved, 1e-15);
  return {x.begin(), x.end()};
}

TEST_P(Bordered, tao_finds_the_minimum_within_bounds) {
  BorderedProblem problem(GetParam());
  const DenseMatrix dense = problem.dense();
  const std::size_t n = problem.size();
  // The unbounded minimum lies within the bounds for about a half of the controls.
  DenseVector unbounded(n);
  for (std::size_t i = 0; i < n; ++i) unbounded[Eigen::Index(i)] = 0.5 + made_up(i, 3);
  const DenseVector b = dense * unbounded;
  const std::vector<double> expected = by_coordinates(dense, b);
  const auto at_bound = std::count_if(expected.begin(), expected.end(),
                                      [](double x) { return x == 0.0 || x == 1.0; });
  if (n > 4) {
    EXPECT_GT(at_bound, 1);
    EXPECT_LT(at_bound, static_cast<std::ptrdiff_t>(n) - 1);
  }

  Vector rhs = problem.make_vector();
  set(rhs.handle(), {b.begin(), b.end()});
  for (const char* type : {TAOBNTR, TAOBNLS, TAOBNTL}) {
    Quadratic context{problem.handle(), rhs.handle()};
    Vector x = problem.make_vector(), lower = problem.make_vector(), upper = problem.make_vector();
    GLEBE_PETSC(VecSet(x.handle(), 0.5));
    GLEBE_PETSC(VecSet(upper.handle(), 1.0));
    Optimiser tao;
    GLEBE_PETSC(TaoCreate(problem.ranks().comm(), tao.address()));
    GLEBE_PETSC(TaoSetType(tao.handle(), type));
    GLEBE_PETSC(TaoSetSolution(tao.handle(), x.handle()));
    GLEBE_PETSC(TaoSetVariableBounds(tao.handle(), lower.handle(), upper.handle()));
    GLEBE_PETSC(TaoSetObjectiveAndGradient(tao.handle(), nullptr, cost_and_gradient, &context));
    // The operator of the cost must stay what it is when TAO shifts its Hessian.
    Matrix H;
    GLEBE_PETSC(MatDuplicate(problem.handle(), MAT_COPY_VALUES, H.address()));
    GLEBE_PETSC(TaoSetHessian(
        tao.handle(), H.handle(), H.handle(),
        [](Tao, Vec, Mat, Mat, void* self) {
          ++static_cast<Quadratic*>(self)->hessians;
          return PetscErrorCode{0};
        },
        &context));
    GLEBE_PETSC(TaoSetTolerances(tao.handle(), 1e-11, 0.0, 0.0));
    GLEBE_PETSC(TaoSetMaximumIterations(tao.handle(), 60));
    GLEBE_PETSC(TaoSetFromOptions(tao.handle()));
    KSP ksp = nullptr;
    GLEBE_PETSC(TaoGetKSP(tao.handle(), &ksp));
    set_bordered_preconditioner(ksp);
    GLEBE_PETSC(TaoSolve(tao.handle()));
    const std::vector<double> found = all(problem.ranks(), x.handle());
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_NEAR(found[i], expected[i], 1e-9) << type << " " << i;
    EXPECT_GT(context.hessians, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(
    cases, Bordered,
    testing::Values(BorderedCase{"coupled"}, BorderedCase{.name = "uncoupled", .coupled = false},
                    BorderedCase{.name = "without_shared", .n_shared = 0},
                    BorderedCase{.name = "without_columns", .per_column = 0, .n_shared = 4},
                    BorderedCase{.name = "one_shared", .per_column = 1, .n_shared = 1},
                    BorderedCase{.name = "sparse", .n_y = 5, .n_x = 6, .per_column = 3, .every = 7},
                    BorderedCase{
                        .name = "fewer_columns_than_ranks", .n_y = 1, .n_x = 2, .coupled = false},
                    BorderedCase{.name = "weak", .coupled = false, .weakest = 0.1}),
    [](const auto& of) { return of.param.name; });

TEST(Bordered, refuses_other_ranks_rows_and_unequal_blocks) {
  BorderedProblem problem({.name = ""});
  const Ranks& ranks = problem.ranks();
  IndexSet even = index_set(ranks, problem.handle(), {0, 2, 4}),
           odd = index_set(ranks, problem.handle(), {1, 3, 5});
  Matrix block;
  EXPECT_THROW(GLEBE_PETSC(MatCreateSubMatrix(problem.handle(), even.handle(), odd.handle(),
                                              MAT_INITIAL_MATRIX, block.address())),
               RunError);
  if (ranks.size() == 1) return;
  const PetscInt foreign = ranks.is_root() ? static_cast<PetscInt>(problem.size()) - 1 : 0;
  IndexSet other;
  GLEBE_PETSC(ISCreateGeneral(ranks.comm(), 1, &foreign, PETSC_COPY_VALUES, other.address()));
  EXPECT_THROW(GLEBE_PETSC(MatCreateSubMatrix(problem.handle(), other.handle(), other.handle(),
                                              MAT_INITIAL_MATRIX, block.address())),
               RunError);
}

} // namespace
} // namespace glebe
