using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Osprey.Tracing.Arguments;

namespace Osprey.Tracing.Analyzers;

/// <summary>
/// Checks calls of <c>Tracepoint.Define</c>: what would be an exception when the tracepoint is defined is an error when
/// the program is compiled. Formats and names that are not constants are left to the run time.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TracepointAnalyzer : DiagnosticAnalyzer
{
    private const int LongestText = 1000;
    private const string Category = "Usage";

    private static readonly DiagnosticDescriptor s_format = new(
        "OSPT001",
        "A tracepoint's format does not fit its arguments",
        "The tracepoint can't be defined: {0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor s_type = new(
        "OSPT002",
        "A tracepoint can't have an argument of this type",
        "A tracepoint can't have arguments of type {0}: it takes integers, enums, bool, char, float, double, nint, "
            + "string and bytes",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor s_text = new(
        "OSPT003",
        "A tracepoint's name or format can't be used",
        "A tracepoint's {0} {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_format, s_type, s_text];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName("Osprey.Tracing.Tracepoint") is { } tracepoint)
                start.RegisterOperationAction(call => Analyze(call, tracepoint), OperationKind.Invocation);
        });
    }

    private static void Analyze(OperationAnalysisContext context, INamedTypeSymbol tracepoint)
    {
        var call = (IInvocationOperation)context.Operation;
        IMethodSymbol method = call.TargetMethod;
        if (method.Name != "Define" || !SymbolEqualityComparer.Default.Equals(method.ContainingType, tracepoint))
            return;

        CheckText(context, call, "name", mayBeEmpty: false);
        bool isUsable = CheckText(context, call, "format", mayBeEmpty: true);
        string? signature = FindSignature(context, call, method);
        if (
            isUsable
            && signature is not null
            && FindArgument(call, "format") is { ConstantValue: { HasValue: true, Value: string format } } argument
            && FormatText.FindMismatch(format, signature) is { } mismatch
        )
            context.ReportDiagnostic(Diagnostic.Create(s_format, argument.Syntax.GetLocation(), mismatch));
    }

    /// <summary>Finds the characters of the types; null when one has none, or is not known yet.</summary>
    private static string? FindSignature(
        OperationAnalysisContext context,
        IInvocationOperation call,
        IMethodSymbol method
    )
    {
        bool isKnown = true;
        foreach (ITypeSymbol type in method.TypeArguments)
        {
            if (type.TypeKind is TypeKind.TypeParameter or TypeKind.Error)
            {
                isKnown = false; // within a generic method: the run time checks it
            }
            else if (TypeLetter.Of(type) is null)
            {
                isKnown = false;
                context.ReportDiagnostic(Diagnostic.Create(s_type, call.Syntax.GetLocation(), type.ToDisplayString()));
            }
        }

        return isKnown ? new string([.. method.TypeArguments.Select(type => TypeLetter.Of(type)!.Value)]) : null;
    }

    private static bool CheckText(
        OperationAnalysisContext context,
        IInvocationOperation call,
        string parameter,
        bool mayBeEmpty
    )
    {
        if (FindArgument(call, parameter) is not { ConstantValue.HasValue: true } argument)
            return true;

        string? problem = argument.ConstantValue.Value switch
        {
            null => "is not null",
            "" when !mayBeEmpty => "is not empty",
            string text when text.Length > LongestText => $"has at most {LongestText} characters",
            string text when text.Any(char.IsControl) => "has no characters that control a terminal",
            _ => null,
        };
        if (problem is not null)
            context.ReportDiagnostic(Diagnostic.Create(s_text, argument.Syntax.GetLocation(), parameter, problem));

        return problem is null;
    }

    private static IOperation? FindArgument(IInvocationOperation call, string parameter) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter)?.Value;
}
