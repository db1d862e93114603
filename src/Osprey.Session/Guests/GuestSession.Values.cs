using Osprey.Session.Guests.Programs;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Frames;

namespace Osprey.Session.Guests;

/// <content>Typed values.</content>
public sealed partial class GuestSession
{
    private ValueSpace? _values;
    private RegisterSet? _registers;

    /// <summary>The vCPU that registers and thread-locals are of.</summary>
    public int SelectedCpu => _settings.Cpu ?? 0;

    /// <summary>What values are read from: the chosen address space, and the types of the guest's programs.</summary>
    public ValueSpace Values => _values ??= new ValueSpace(Virtual, [.. Programs.Modules.Select(ToValueModule)], new SessionAddressNames(Symbols));

    /// <summary>The registers of the vCPU that was chosen; null when they can't be had.</summary>
    public RegisterSet? TryReadSelectedRegisters()
    {
        try
        {
            return _registers ??= Target.ReadRegisters(SelectedCpu);
        }
        catch (TargetException)
        {
            return null;
        }
    }

    /// <summary>Computes an expression with the globals of the guest's programs and the registers of the chosen vCPU.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="scope">A frame whose variables can be named; null for none.</param>
    /// <exception cref="ExpressionException">It can't be computed.</exception>
    public Value Evaluate(string text, IVariableScope? scope = null) =>
        ValueExpression.Evaluate(text, Values, scope ?? (TryReadSelectedRegisters() is { } registers ? new RegisterScope(Values, registers) : null));

    private ulong EvaluateAddress(string text)
    {
        try
        {
            Value value = Evaluate(text);
            return value.ResolvedType is FunctionType or ArrayType or CompoundType
                ? value.Address ?? throw new FormatException($"'{text}' is not in memory")
                : value.AsPointer() ?? throw new FormatException($"'{text}' gives no address: {value.Problem?.Message ?? "it is no number"}");
        }
        catch (ExpressionException exception)
        {
            throw new FormatException($"'{text}': {exception.Message}", exception);
        }
    }

    private ValueModule ToValueModule(GuestModule module) => new(module.Types, module.Bias, offset => FindThreadLocal(module, offset));

    private ulong? FindThreadLocal(GuestModule module, ulong offset) =>
        TryReadSelectedRegisters() is { } registers
        && ThreadLocalBlock.Find(module.Image, Identity.Kind, registers, Virtual) is { } start ? unchecked(start + offset) : null;
}
