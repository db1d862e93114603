using Osprey.Target.Unwinding.Rules;

namespace Osprey.Target.Unwinding;

/// <summary>Modules in an array, searched by their start. Where two overlap, the one that starts last counts.</summary>
/// <param name="modules">The modules.</param>
/// <param name="rules">The rules of the operating system for code of which no module says anything.</param>
public sealed class UnwindModuleList(IEnumerable<UnwindModule> modules, IUnwindRuleSource? rules = null)
    : IUnwindModuleSource
{
    private readonly UnwindModule[] _modules = [.. modules.OrderBy(module => module.Start)];

    /// <summary>The modules, lowest start first.</summary>
    public IReadOnlyList<UnwindModule> Modules => _modules;

    /// <inheritdoc/>
    public IUnwindRuleSource? Rules => rules;

    /// <inheritdoc/>
    public UnwindModule? FindModule(ulong address)
    {
        for (int i = _modules.Length - 1; i >= 0; i--)
        {
            if (_modules[i].Contains(address))
                return _modules[i];
        }

        return null;
    }
}
