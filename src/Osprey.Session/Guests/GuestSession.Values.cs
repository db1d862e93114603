using Osprey.Session.Guests.Programs;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;
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
    public ValueSpace Values => _values ??= CreateValues(Virtual, TryReadSelectedRegisters);

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

    /// <summary>
    /// Computes an expression with the globals of the guest's programs and the registers of the chosen vCPU.
    /// </summary>
    /// <param name="text">The expression.</param>
    /// <exception cref="ExpressionException">It can't be computed.</exception>
    public Value Evaluate(string text) =>
        ValueExpression.Evaluate(
            text,
            Values,
            TryReadSelectedRegisters() is { } registers ? new RegisterScope(Values, registers) : null
        );

    /// <summary>
    /// What values are read from in a memory of the guest other than the chosen one, with the same programs.
    /// </summary>
    /// <param name="memory">The memory.</param>
    /// <param name="findRegisters">Gives the registers that lead to thread-locals; null when they can't be had.</param>
    internal ValueSpace CreateValues(IMemoryReader memory, Func<RegisterSet?> findRegisters) =>
        new(
            memory,
            [.. Programs.Modules.Select(module => ToValueModule(module, memory, findRegisters))],
            new SessionAddressNames(Symbols)
        );

    private ulong EvaluateAddress(string text)
    {
        try
        {
            Value value = Evaluate(text);
            return value.ResolvedType is FunctionType or ArrayType or CompoundType
                ? value.Address ?? throw new FormatException($"'{text}' is not in memory")
                : value.AsPointer()
                    ?? throw new FormatException(
                        $"'{text}' gives no address: {value.Problem?.Message ?? "it is no number"}"
                    );
        }
        catch (ExpressionException exception)
        {
            throw new FormatException($"'{text}': {exception.Message}", exception);
        }
    }

    private ValueModule ToValueModule(GuestModule module, IMemoryReader memory, Func<RegisterSet?> findRegisters)
    {
        return new ValueModule(module.Types, module.Bias, FindThreadLocal) { Start = module.Start, End = module.End };

        ulong? FindThreadLocal(ulong offset) =>
            findRegisters() is { } registers
            && ThreadLocalBlock.Find(module.Image, Identity.Kind, registers, memory) is { } start
                ? unchecked(start + offset)
                : null;
    }
}
