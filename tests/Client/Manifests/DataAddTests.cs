using ExplicitCluster.Client.Commands;

namespace ExplicitCluster.Client.Tests.Manifests;

/// <summary>The command as it is, in this process: sources of texts and of sparse rows.</summary>
[Collection(nameof(ConsoleCommand))]
public sealed class DataAddTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sources_of_texts_of_every_format_are_added_with_their_columns()
    {
        var specification = _folder.Write("spec.yaml", "name: m\ndata:\n  train: [{ format: tsv, path: a.tsv, label: kind, text: body }]\nfeatures: words\n");
        _folder.Write("a.tsv", "kind\tbody\nx\tone\n");
        _folder.Write("b.tsv", "kind\tbody\tvotes\ny\ttwo\t3\n");
        _folder.Write("c.jsonl", "{\"kind\": \"z\", \"body\": \"three\"}\n");
        await AddAsync(0, specification, "--path", _folder.Of("b.tsv"), "--label", "kind", "--text", "body", "--weight", "votes");
        await AddAsync(0, specification, "--path", _folder.Of("c.jsonl"), "--label", "kind", "--text", "body");
        Assert.Equal(
            "name: m\ndata:\n  train: [{ format: tsv, path: a.tsv, label: kind, text: body }, { format: tsv, path: b.tsv, label: kind, text: body, weight: votes }, "
                + "{ format: jsonl, path: c.jsonl, label: kind, text: body }]\nfeatures: words\n",
            File.ReadAllText(specification));
        Assert.Contains("holds sparse rows, and", await AddAsync(1, specification, "--path", _folder.Write("d.svm", "x 1:2\n")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sparse_rows_and_plain_texts_are_added_and_wrong_options_told()
    {
        var sparse = _folder.Write("sparse.yaml", "name: m\ndata:\n  train: { format: libsvm, path: a.svm }\nfeatures: sparse\n");
        _folder.Write("a.svm", "x 1:2\n");
        _folder.Write("b.svm", "y 3:1\n");
        await AddAsync(0, sparse, "--path", _folder.Of("b.svm"));
        Assert.Contains("- { format: libsvm, path: b.svm }", File.ReadAllText(sparse), StringComparison.Ordinal);
        var language = _folder.Write("language.yaml", "name: m\ntask: language-model\ndata:\n  train: { format: text, path: a.txt }\nfeatures: { map: context, lags: [1] }\n");
        _folder.Write("a.txt", "one\n");
        await AddAsync(0, language, "--path", _folder.Write("b.txt", "two\n"));
        Assert.Contains("- { format: text, path: b.txt }", File.ReadAllText(language), StringComparison.Ordinal);
        Assert.Contains("--label, --text and --weight name columns, and the format is libsvm", await AddAsync(2, sparse, "--path", "c.svm", "--label", "y"), StringComparison.Ordinal);
        Assert.Contains("--weight goes with a column of texts", await AddAsync(2, sparse, "--path", "c.csv", "--label", "y", "--weight", "w"), StringComparison.Ordinal);
    }

    private async Task<string> AddAsync(int expected, string specification, params string[] options)
    {
        var (before, beforeError) = (Console.Out, Console.Error);
        var (output, error) = (new StringWriter(), new StringWriter());
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            var code = await ExplicitCommand.RunAsync(["data", "add", specification, .. options, "--store", _folder.Of("store")]);
            Assert.True((int)code == expected, error.ToString());
            return error.ToString();
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(beforeError);
        }
    }
}
