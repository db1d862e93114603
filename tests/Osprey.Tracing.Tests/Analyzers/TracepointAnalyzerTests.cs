using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Osprey.Tracing.Analyzers;

namespace Osprey.Tracing.Tests.Analyzers;

/// <summary>The compiler says what would be an exception when a tracepoint is defined.</summary>
public sealed class TracepointAnalyzerTests
{
    /// <summary>What is no error at compile time is none at run time, and the other way round.</summary>
    [Theory]
    [InlineData("Define<int>(\"a\", \"%d\")", null)]
    [InlineData("Define(\"a\")", null)]
    [InlineData("Define<int, string>(\"a\", \"x=%-5ld %s 100%%\")", null)]
    [InlineData("Define<System.DayOfWeek, bool, char, nint>(\"a\", \"%d %d %c %p\")", null)]
    [InlineData("Define<System.ReadOnlySpan<byte>, System.ReadOnlySpan<char>, byte[]>(\"a\", \"%s %s %s\")", null)]
    [InlineData("Define<System.ReadOnlyMemory<byte>, float>(format: \"%s %g\", name: \"a\")", null)]
    [InlineData(
        "Define<int>(\"a\", \"%s %d\")",
        "OSPT001 The tracepoint can't be defined: the format \"%s %d\" has more conversions than there are arguments "
            + "(1)"
    )]
    [InlineData(
        "Define<int, int>(\"a\", \"%d\")",
        "OSPT001 The tracepoint can't be defined: the format \"%d\" has 1 conversions for 2 arguments"
    )]
    [InlineData(
        "Define<string>(\"a\", \"%d\")",
        "OSPT001 The tracepoint can't be defined: argument 1 of the format \"%d\" can't be printed by %d"
    )]
    [InlineData(
        "Define<int>(\"a\", \"%y\")",
        "OSPT001 The tracepoint can't be defined: the conversion at 0 of the format \"%y\" is not one of printf's"
    )]
    [InlineData(
        "Define<object>(\"a\", \"%s\")",
        "OSPT002 A tracepoint can't have arguments of type object: it takes integers, enums, bool, char, float, "
            + "double, nint, string and bytes"
    )]
    [InlineData(
        "Define<decimal>(\"a\", \"%g\")",
        "OSPT002 A tracepoint can't have arguments of type decimal: it takes integers, enums, bool, char, float, "
            + "double, nint, string and bytes"
    )]
    [InlineData("Define(\"\")", "OSPT003 A tracepoint's name is not empty")]
    [InlineData("Define(\"a\\n\")", "OSPT003 A tracepoint's name has no characters that control a terminal")]
    public async Task Analyzer_OfADefinition_SaysWhatTheRunTimeWouldRefuse(string call, string? expected)
    {
        string[] found = await AnalyzeAsync($"class C {{ static object F() => Osprey.Tracing.Tracepoint.{call}; }}");
        Assert.Equal(expected is null ? [] : [expected], found);
    }

    [Fact]
    public async Task Analyzer_OfWhatIsKnownAtRunTimeOnly_SaysNothing() =>
        Assert.Empty(
            await AnalyzeAsync(
                """
                class C
                {
                    static object F(string format) => Osprey.Tracing.Tracepoint.Define<int>("a", format);
                    static object G<T>() => Osprey.Tracing.Tracepoint.Define<T>("a", "%d");
                    static object H() => Other.Define<int>("a", "%s %s");
                }
                class Other { public static object Define<T>(string name, string format) => name + format; }
                """
            )
        );

    private static async Task<string[]> AnalyzeAsync(string source)
    {
        // The framework that the tests run on, and the library.
        IEnumerable<PortableExecutableReference> references = (
            (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!
        )
            .Split(':')
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "analyzed",
            [CSharpSyntaxTree.ParseText(source)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)
        );
        Assert.Empty(compilation.GetDiagnostics().Where(item => item.Severity == DiagnosticSeverity.Error));
        ImmutableArray<Diagnostic> found = await compilation
            .WithAnalyzers([new TracepointAnalyzer()])
            .GetAnalyzerDiagnosticsAsync();
        return [.. found.Select(item => $"{item.Id} {item.GetMessage()}")];
    }
}
