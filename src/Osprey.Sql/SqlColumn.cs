namespace Osprey.Sql;

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its name, as the statement gives it.</param>
/// <param name="Kind">The kind of its values.</param>
public sealed record SqlColumn(string Name, SqlColumnKind Kind);
