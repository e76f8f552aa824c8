// fit_fusion MODEL --samples FILE --real-frames FILE --output FILE
//
// Fits a VMAF model to samples of it and writes the model file, with its errors
// in it. The same samples give the same bytes. docs/vmaf.md has the method.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "fit_fusion/least_squares.h"
#include "fit_fusion/samples.h"
#include "quality/fusion.h"
#include "quality/gaussian_polynomial.h"

namespace reel::tools {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;
using quality::GaussianPolynomial;

// What is published of a model besides its regression (VMAF's "linear_rescale"
// normalisation): the score first, then the features.
struct Published {
  std::string name;
  std::string real_column;  // of the table of real frames
  std::array<double, 7> slopes, intercepts;
  bool phone;  // whether it has the transform
};
const std::array<Published, 2> kModels{{
    {"vmaf_v0.6.1",
     "score_v061_unclipped",
     {0.012020766332648465, 2.8098077502505414, 0.06264407466686016,
      1.222763456258933, 1.5360318811084146, 1.7620864995501058,
      2.08656468286432},
     {-0.3092981927591963, -1.7993968597186747, -0.003017198086831897,
      -0.1728125095425364, -0.5294309090081222, -0.7577185792093722,
      -1.083428597549764},
     true},
    {"vmaf_4k_v0.6.1",
     "score_4k_unclipped",
     {0.012388059998472608, 1.853012066458466, 0.05141551931924402,
      1.0960374437054892, 1.2189036205165853, 1.3583508615652835,
      1.5373567703674345},
     {-0.31191973282964003, -0.8536192302086182, -0.01336836451078975,
      -0.09603743694887917, -0.21890356649141152, -0.35835059999617175,
      -0.5373563330683786},
     false},
}};

struct Request {
  std::string model, samples, real_frames, output;
  int degree = 5;
};

// Features in model order: where the samples lie, and how far the fit is
// trusted beyond (fits of neighbouring degrees still agree there).
Json SampledBox() {
  return {{0.3, 1.15}, {0, 30}, {0, 1.1}, {0, 1.1}, {0, 1.1}, {0, 1.1}};
}
Json Limits() {
  return {{0, 1.5}, {0, 60}, {0, 1.5}, {0, 1.5}, {0, 1.5}, {0, 1.5}};
}

// To ten digits after the point: the rest is rounding of the machine's.
double Rounded(double value) { return std::round(value * 1e10) / 1e10; }

quality::Range Normalised(const Published& model, size_t input,
                          const Json& range) {
  return {model.slopes[input + 1] * range[0].get<double>() +
              model.intercepts[input + 1],
          model.slopes[input + 1] * range[1].get<double>() +
              model.intercepts[input + 1]};
}

Result<GaussianPolynomial> Fit(const Published& model, int degree,
                               const std::vector<Sample>& samples) {
  GaussianPolynomial fit;
  fit.degree = degree;
  fit.gamma = 0.04;  // the kernel's
  fit.centre = 0.5;  // normalised features are about 0..1
  for (size_t i = 0; i < fit.sampled.size(); ++i) {
    fit.sampled[i] = Normalised(model, i, SampledBox()[i]);
    fit.limits[i] = Normalised(model, i, Limits()[i]);
  }
  LeastSquares equations(GaussianPolynomial::BasisSize(degree));
  for (const Sample& sample : samples) {
    const auto& f = sample.features;
    GaussianPolynomial::Point x{f.adm2,   f.motion2, f.vif[0],
                                f.vif[1], f.vif[2],  f.vif[3]};
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = model.slopes[i + 1] * x[i] + model.intercepts[i + 1];
    equations.Add(fit.Basis(x),
                  model.slopes[0] * sample.score + model.intercepts[0]);
  }
  auto solution = equations.Solve();
  if (!solution)
    return Fail(Code::kInvalidArgument,
                "the samples do not determine a fit of this degree; give more, "
                "or a lower --degree");
  for (double& coefficient : *solution) coefficient = Rounded(coefficient);
  fit.coefficients = *std::move(solution);
  return fit;
}

// The model_dict of a file.
Json Describe(const Published& model, const GaussianPolynomial& fit) {
  Json dict = {
      {"model_type", "GAUSSIAN_POLYNOMIAL"},
      {"norm_type", "linear_rescale"},
      {"feature_names",
       {"VMAF_integer_feature_adm2_score", "VMAF_integer_feature_motion2_score",
        "VMAF_integer_feature_vif_scale0_score",
        "VMAF_integer_feature_vif_scale1_score",
        "VMAF_integer_feature_vif_scale2_score",
        "VMAF_integer_feature_vif_scale3_score"}},
      {"slopes", model.slopes},
      {"intercepts", model.intercepts},
      {"score_clip", {0, 100}},
      {"model",
       {{"degree", fit.degree},
        {"gamma", fit.gamma},
        {"centre", fit.centre},
        {"sampled", SampledBox()},
        {"limits", Limits()},
        {"coefficients", fit.coefficients}}}};
  if (model.phone)
    dict["score_transform"] = {{"p0", 1.70674692},
                               {"p1", 1.72643844},
                               {"p2", -0.00705305},
                               {"out_gte_in", "true"}};
  return dict;
}

Json ErrorsJson(const Errors& errors, size_t count) {
  const auto micro = [](double e) { return std::ceil(e * 1e6) / 1e6; };
  return {{"count", count},
          {"max", micro(errors.max)},
          {"p99", micro(errors.p99)},
          {"rms", micro(errors.rms)}};
}

Result<Json> Provenance(const std::string& path, size_t count) {
  REEL_ASSIGN(const std::string digest, base::Sha256File(path));
  return Json{{"file", std::filesystem::path(path).filename().string()},
              {"sha256", digest},
              {"count", count}};
}

Status Run(const Request& request) {
  const Published* model = nullptr;
  for (const Published& known : kModels)
    if (known.name == request.model) model = &known;
  if (model == nullptr)
    return Fail(Code::kInvalidArgument,
                fmt::format("there is no model {}; there are {} and {}",
                            request.model, kModels[0].name, kModels[1].name));
  REEL_ASSIGN(const SampleTable table,
              ReadSamples(request.samples, "score_unclipped"));
  REEL_ASSIGN(const SampleTable real,
              ReadSamples(request.real_frames, model->real_column));
  const SplitSamples split = Split(table);
  REEL_ASSIGN(const GaussianPolynomial fit,
              Fit(*model, request.degree, split.fitted));

  Json file = {{"format", "reelwright-fusion/1"},
               {"model_dict", Describe(*model, fit)}};
  // Judged as a reader of the file sees it.
  REEL_ASSIGN(const auto read,
              quality::FusionModel::Parse(base::DumpJson(file), model->name));
  Json errors;
  fmt::print("{:<28}{:>9}{:>11}{:>11}{:>11}\n", model->name, "count", "max",
             "p99", "rms");
  const auto judge = [&](const char* name, const std::vector<Sample>& samples) {
    const Errors found = Summarise(AbsoluteErrors(
        samples, [&read](const auto& f) { return read.ScoreUnclipped(f); }));
    fmt::print("{:<28}{:>9}{:>11.6f}{:>11.6f}{:>11.6f}\n", name, samples.size(),
               found.max, found.p99, found.rms);
    return ErrorsJson(found, samples.size());
  };
  errors["fitted"] = judge("fitted", split.fitted);
  errors["held_back"] = judge("held_back", split.held_back);
  errors["real_frames"] = judge("real_frames", real.samples);

  REEL_ASSIGN(const Json samples,
              Provenance(request.samples, table.samples.size()));
  REEL_ASSIGN(const Json frames,
              Provenance(request.real_frames, real.samples.size()));
  file["fit"] = {
      {"about", "A fit to samples of " + model->name +
                    ", not libvmaf's model file. Made by tools/fit_fusion; "
                    "see docs/vmaf.md."},
      {"absolute_errors", errors},
      {"held_back", "every tenth sample of each kind"},
      {"samples", samples},
      {"real_frames", frames}};
  return base::WriteFileAtomically(
      request.output, base::AsBytes(base::DumpPrettyJson(file) + "\n"));
}

int Main(int argc, char** argv) {
  CLI::App app("Fits a VMAF model to samples of it");
  Request request;
  app.add_option("model", request.model, "vmaf_v0.6.1 or vmaf_4k_v0.6.1")
      ->required();
  app.add_option("--samples", request.samples)->required();
  app.add_option("--real-frames", request.real_frames)->required();
  app.add_option("--output", request.output)->required();
  app.add_option("--degree", request.degree, "of the polynomial")
      ->capture_default_str()
      ->check(CLI::Range(0, GaussianPolynomial::kMaxDegree));
  CLI11_PARSE(app, argc, argv);
  const Status status = Run(request);
  if (status) return 0;
  fmt::print(stderr, "fit_fusion: {}\n", status.error().message);
  return 1;
}

}  // namespace
}  // namespace reel::tools

int main(int argc, char** argv) { return reel::tools::Main(argc, argv); }
