using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.BadInputs;

/// <summary>A folder with the model of a small table, <c>small</c>, to be copied and damaged.</summary>
public sealed class SmallModel : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        _folder.Write("spec.yaml", SpecificationText.Csv);
        _folder.Write("table", "a,b,c\n1,2,x\n3,1,y\n2,2,x\n4,1,y\n");
        (await InProcess.RunAsync(_folder.Path, "train", "spec.yaml")).Successful();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Copies everything.</summary>
    public void CopyTo(string folder)
    {
        foreach (var file in Directory.GetFiles(_folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(_folder.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Changes one file of the model in such a copy.</summary>
    public static void Change(string folder, string name, Func<byte[], byte[]> change)
    {
        var file = Assert.Single(Directory.GetFiles(Path.Combine(folder, ".explicit", "models"), name, SearchOption.AllDirectories));
        File.WriteAllBytes(file, change(File.ReadAllBytes(file)));
    }
}
