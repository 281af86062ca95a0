using System.Diagnostics;
using System.Text.Json;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Bench;

/// <summary>Sections of Debian's packages from their descriptions, on one core: seconds from raw text to weights, and figures on the test rows.</summary>
internal static class TextBench
{
    private const int Runs = 9;

    public static int Run(string[] options)
    {
        var json = options.Contains("--json");
        var output = json ? TextWriter.Null : Console.Out;
        var sections = DebianSections.Load();
        var task = new TextTask(sections);
        Stopwatches.OneCore();
        output.WriteLine($"{task.Train.Length:N0} rows to train, {task.Test.Length:N0} to test, {task.Classes} labels, hash {sections.Hash}");

        var choice = task.ChooseWords([.. SolveSpecification.AutoK], [.. SolveSpecification.AutoAlpha]);
        var (layer, vocabulary) = task.SolveWords(choice.K, choice.Alpha);
        var words = task.Evaluate(TextTask.Words, vocabulary, layer);
        var seconds = new double[Runs];
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            task.SolveWords(choice.K, choice.Alpha);
            seconds[run] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        Array.Sort(seconds);
        output.WriteLine($"words: {layer.Layout.Inputs:N0} inputs, K {choice.K}, alpha {choice.Alpha}, held-out cross-entropy {choice.CrossEntropy:0.000000}");
        output.WriteLine($"words: {Figures(words)}; from raw text to weights {seconds[Runs / 2]:0.000} s");

        var whole = Stopwatch.StartNew();
        var step = Stopwatch.StartNew();
        var grouped = task.SolveGroups(0.75, new GroupedSettings(4, 3, 1), what =>
        {
            output.WriteLine($"  {what,-28} {step.Elapsed.TotalSeconds:0.00} s");
            step.Restart();
        });
        whole.Stop();
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        var groups = task.Evaluate(TextTask.FourGroups, grouped.Vocabulary, grouped.Layer);
        output.WriteLine($"four groups: {grouped.Layer.Layout.Inputs:N0} inputs, {grouped.Entries:N0} entries");
        for (var fit = 0; fit < grouped.Solution.Temperatures.Count; fit++)
            output.WriteLine($"  left-out cross-entropy {grouped.Solution.Losses[fit]:0.000000}, temperatures {string.Join(' ', grouped.Solution.Temperatures[fit].Select(e => $"{e:0.0000}"))}");
        output.WriteLine($"four groups: {Figures(groups)}; from raw text to weights {whole.Elapsed.TotalSeconds:0.00} s, peak of the process {peak / 1048576.0:N0} MiB");
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                rows = task.Train.Length,
                hash = sections.Hash,
                words = new { seconds = seconds[Runs / 2], accuracy = words.Accuracy, crossEntropy = words.CrossEntropy },
                groups = new { seconds = whole.Elapsed.TotalSeconds, peakBytes = peak, accuracy = groups.Accuracy, crossEntropy = groups.CrossEntropy },
            }));
        }
        return 0;
    }

    private static string Figures(Evaluation evaluation) => $"accuracy {evaluation.Accuracy:0.0000}, cross-entropy {evaluation.CrossEntropy:0.000000}";
}
