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
            "Osprey.Dap",
            "Osprey.Debug",
            "Osprey.GdbServer",
            "Osprey.Git",
            "Osprey.Guests",
            "Osprey.Packets",
            "Osprey.Probes",
            "Osprey.Rest",
            "Osprey.Rsp",
            "Osprey.Session",
            "Osprey.Symbols",
            "Osprey.Target",
            "Osprey.Traces",
            "Osprey.Tracing",
            "Osprey.Tracing.AspNetCore",
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
        var assembly = Assembly.Load(library);
        string actual = assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        actual = CorrectIndexers(assembly, actual);
        if (Environment.GetEnvironmentVariable("OSPREY_ACCEPT") == "1")
            File.WriteAllText(path, actual);

        Assert.Equal(File.ReadAllText(path), actual);
    }

    /// <summary>
    /// Takes the question mark from indexers' parameters that may not be null: the generator looks for what says so at
    /// the indexer, and the compiler notes it at its get method.
    /// </summary>
    private static string CorrectIndexers(Assembly assembly, string text)
    {
        var nullability = new NullabilityInfoContext();
        foreach (Type type in assembly.GetExportedTypes())
        {
            foreach (PropertyInfo indexer in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                foreach (ParameterInfo parameter in indexer.GetMethod?.GetParameters() ?? [])
                {
                    if (nullability.Create(parameter).ReadState != NullabilityState.NotNull)
                        continue;

                    string wrong = $"{parameter.ParameterType.FullName}? {parameter.Name}]";
                    text = text.Replace($"this[{wrong}", $"this[{wrong.Replace("?", "")}", StringComparison.Ordinal);
                }
            }
        }

        return text;
    }
}
