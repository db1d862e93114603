using Osprey.Binary;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Probes.Notes;
using Osprey.Probes.Operands;
using Osprey.Symbols;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Probes.Names;

// The assembler was told the place of an argument, and debug info tells the places of variables: where both are one at
// the site, the argument is that variable. Both are places within the frame, in registers, or static; a variable on the
// stack is given from the frame base, mostly the canonical frame address, which call frame information gives as a
// register and a distance. An argument that is an expression ("x + 1") is in no variable's place, as a rule.

/// <summary>Names of the variables whose place at a site is that of the argument, by DWARF.</summary>
/// <remarks>For one thread at a time.</remarks>
/// <param name="openPath">Gives the path to open a file by; null for its own path.</param>
/// <param name="options">How debug info is found.</param>
public sealed class DebugInfoNames(Func<ProbeFile, string>? openPath = null, SymbolizerOptions? options = null)
    : IArgumentNames,
        IDisposable
{
    private readonly Dictionary<ProbeFile, Info?> _files = [];

    /// <inheritdoc/>
    public ArgumentName[]? Find(ProbeFile file, Probe probe, ProbeSite site)
    {
        if (!_files.TryGetValue(file, out Info? info))
            _files.Add(file, info = Open(file));

        if (info is null)
            return null;

        IReadOnlyList<DebugScope> scopes = info.Types.FindScopes(site.LinkAddress);
        return scopes.Count == 0
            ? null
            : [.. site.Arguments.Select(argument => Find(info, scopes, site.LinkAddress, argument))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Info? info in _files.Values)
            info?.Dispose();

        _files.Clear();
    }

    private static ArgumentName Find(
        Info info,
        IReadOnlyList<DebugScope> scopes,
        ulong linkAddress,
        ProbeArgument argument
    )
    {
        if (
            argument.Operand is ProbeOperand.Memory { Symbol: { } symbol, Displacement: 0, Index: -1 }
            && symbol[0] != '.'
        )
            return new ArgumentName(symbol, IsText: false);

        VariableLocation? frameBase = scopes[^1].FrameBase;
        foreach (DebugScope scope in scopes)
        {
            foreach (DebugVariable variable in scope.Variables)
            {
                if (
                    GetExpression(variable.Location, linkAddress) is { } expression
                    && VariablePlace.Read(expression, () => FindFrameBase(info, frameBase, linkAddress)) is { } place
                    && place.IsPlaceOf(argument.Operand)
                )
                    return new ArgumentName(variable.Name, IsTextPointer(variable.Type));
            }
        }

        return default;
    }

    private static VariablePlace? FindFrameBase(Info info, VariableLocation? frameBase, ulong linkAddress)
    {
        if (frameBase is null || GetExpression(frameBase, linkAddress) is not { } expression)
            return null;

        if (expression.Span is not [VariablePlace.CallFrameAddress])
            return VariablePlace.Read(expression, () => null) is { } place ? place with { IsValue = false } : null;

        try
        {
            CfaRule? cfa = info.Frames?.FindRow(linkAddress)?.Cfa;
            return cfa is { IsDefined: true, Register: >= 0 } rule
                ? new VariablePlace(rule.Register, rule.Offset, IsValue: false)
                : null;
        }
        catch (BadDataException)
        {
            return null; // a name less
        }
    }

    private static ReadOnlyMemory<byte>? GetExpression(VariableLocation location, ulong linkAddress)
    {
        switch (location)
        {
            case VariableLocation.Expression expression:
                return expression.Bytes;
            case VariableLocation.List list:
                foreach (LocationRange range in list.Ranges)
                {
                    if (linkAddress >= range.Start && linkAddress < range.End)
                        return range.Expression;
                }

                return null;
            default:
                return null;
        }
    }

    private static bool IsTextPointer(DebugType? type) =>
        type?.Stripped is PointerType { Kind: PointerKind.Pointer, Target: { } target }
        && target.Stripped is BaseType { Name: "char" };

    private Info? Open(ProbeFile file)
    {
        if (file.Machine is not (ProbeMachine.X64 or ProbeMachine.Arm64))
            return null;

        ElfSymbolSource? source = null;
        try
        {
            source = ElfSymbolSource.Open(openPath?.Invoke(file) ?? file.Path, options: options);
            var types = TypeCatalog.FromImage(source.Image, options);
            return new Info(source, types, FrameTable.FromImage(source.Image, FrameSectionKind.EhFrame));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadDataException)
        {
            source?.Dispose();
            return null;
        }
    }

    private sealed record Info(ElfSymbolSource Source, TypeCatalog Types, FrameTable? Frames) : IDisposable
    {
        public void Dispose()
        {
            Types.Dispose();
            Source.Dispose();
        }
    }
}
