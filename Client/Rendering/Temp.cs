using ExplicitCluster.Abstractions.Jobs;
using Spectre.Console;
namespace ExplicitCluster.Client.Rendering;
internal static class ProgressView
{
    public static async Task<JobRecord> ShowAsync(IAsyncEnumerable<JobEvent> events, IAnsiConsole console, CancellationToken ct)
    {
        JobRecord? r = null;
        await foreach (var e in events.WithCancellation(ct)) { console.WriteLine($"{e.Stage} {e.ShardsDone}/{e.Shards} {e.RowsDone}"); r = e.Record ?? r; }
        return r!;
    }
    public static void ShowPlan(MemoryPlan p, IAnsiConsole c) => c.WriteLine(JsonText.Of(p));
}
internal static class JsonView { public static string Of<T>(T r) => JsonText.Of(r); }
internal static class ResultView
{
    public static void Show(JobRecord r, IAnsiConsole c) => c.WriteLine(JsonText.Of(r with { Result = r.Result is null ? null : r.Result with { Train = null } }));
    public static void ShowConfusion(IReadOnlyList<string> l, EvaluationReport r, IAnsiConsole c) { }
}
