using ExplicitCluster.Abstractions.Jobs;
namespace ExplicitCluster.Client.Rendering.Pictures;
internal static class WeightPicture { public static void Save(string p, ReadOnlySpan<double> v, int w, int h, string t) { } public static void SaveSheet(string p, IReadOnlyList<(string, double[])> v, int w, int h) { } }
internal static class ConfusionPicture { public static void Save(string p, IReadOnlyList<string> l, ReadOnlySpan<long> c) { } }
internal static class CalibrationPicture { public static void Save(string p, EvaluationReport r) { } }
