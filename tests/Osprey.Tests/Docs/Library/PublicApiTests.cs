using System.Reflection;
using Osprey.Tests.Recordings;
using PublicApiGenerator;

namespace Osprey.Tests.Docs.Library;

/// <summary>Shows when the public API of a library changes.</summary>
public sealed class PublicApiTests
{
    /// <summary>The libraries, each a project and a package of this name.</summary>
    public static IReadOnlyList<string> Names =>
        [
            "Osprey.Binary",
            "Osprey.Guests",
            "Osprey.Packets",
            "Osprey.Rest",
            "Osprey.Rsp",
            "Osprey.Session",
            "Osprey.Symbols",
            "Osprey.Target",
            "Osprey.Traces",
            "Osprey.Values",
        ];

    public static TheoryData<string> Libraries => [.. Names];

    /// <summary>
    /// Compares a library's public API with the file in docs/api. With OSPREY_ACCEPT=1 it writes the file instead.
    /// </summary>
    [Theory]
    [MemberData(nameof(Libraries))]
    public void PublicApi_IsAsTheFileSays(string library)
    {
        string path = Path.Combine(Checkout.Root, "docs", "api", library + ".txt");
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false };
        string actual = Assembly.Load(library).GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("OSPREY_ACCEPT") == "1")
            File.WriteAllText(path, actual);

        Assert.Equal(File.ReadAllText(path), actual);
    }
}
