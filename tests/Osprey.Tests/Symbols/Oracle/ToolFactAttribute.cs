namespace Osprey.Tests.Symbols.Oracle;

/// <summary>
/// A test that needs programs of this machine; it is skipped, with their names, when some are missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] tools) => Skip = Tools.DescribeMissing(tools);
}
